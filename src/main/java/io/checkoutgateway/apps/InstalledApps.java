package io.checkoutgateway.apps;

import com.github.f4b6a3.ulid.UlidCreator;
import io.checkoutgateway.apps.AppTaskStore.Begun;
import io.checkoutgateway.apps.AppTaskStore.NewWebhook;
import io.checkoutgateway.apps.WebhookStandingStore.Registered;
import io.checkoutgateway.audit.Actor;
import io.checkoutgateway.failure.GatewayException;
import io.checkoutgateway.failure.InvalidParameter;
import io.checkoutgateway.failure.Reason;
import io.checkoutgateway.idempotency.Answered;
import io.checkoutgateway.idempotency.IdempotencyKey;
import io.checkoutgateway.idempotency.StoredAnswer;
import io.checkoutgateway.settings.AppSettings;
import io.checkoutgateway.settings.Secret;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What callers do with their installed apps. */
public final class InstalledApps {
    /** Of each kind two old secrets beside the newest: one in its overlap, one for a leak meanwhile. Stripe takes 16. */
    static final int WEBHOOKS_MAX = 3;

    /** A rotation takes a second, unless its process died. */
    private static final Duration WHEN_IN_USE = Duration.ofSeconds(5);

    private final InstalledAppStore store;
    private final AppTaskStore taskStore;
    private final Apps apps;
    private final AppTasks tasks;
    private final AppInstalls installs;
    private final StripeAccountCalls stripe;
    private final AppSettings settings;
    private volatile Runnable bell = () -> {};

    public InstalledApps(
            InstalledAppStore store,
            AppTaskStore taskStore,
            Apps apps,
            AppTasks tasks,
            AppInstalls installs,
            StripeAccountCalls stripe,
            AppSettings settings) {
        this.store = store;
        this.taskStore = taskStore;
        this.apps = apps;
        this.tasks = tasks;
        this.installs = installs;
        this.stripe = stripe;
        this.settings = settings;
    }

    /** Whom to wake when a secret retires at once. */
    public void onRetired(Runnable wake) {
        this.bell = wake;
    }

    /** The namespace's apps, the oldest first. */
    public Future<InstalledAppStore.Page> list(String namespace, long offset, int most) {
        return store.list(namespace, offset, most);
    }

    /** The app; fails with {@link Reason#NOT_FOUND} when there is none in the namespace. */
    public Future<App> get(String namespace, String id) {
        return store.find(namespace, id).map(InstalledApps::present);
    }

    /**
     * Changes an app.
     *
     * @return fails with {@link Reason#NOT_FOUND}, {@link Reason#CONFLICT} for the app of the settings,
     *     {@link Reason#PRECONDITION_FAILED}, or {@link Reason#INVALID_REQUEST} when the type is another, or the key is of
     *     another account or mode or not accepted by Stripe
     */
    public Future<App> change(Actor actor, String id, AppChange change) {
        return own(actor, id)
                .map(app -> checked(app, change))
                .compose(app -> checkKey(actor, app, change))
                .compose(checked -> store.change(actor, id, change))
                .map(InstalledApps::present);
    }

    private static App checked(App app, AppChange change) {
        StripeKey key = change.key();
        if (app.type() != change.type()) {
            throw invalid("type", "must be " + app.type().word() + ", which the app is");
        }
        if (key != null && app.type() != AppType.STRIPE) {
            throw invalid("secret_api_key", "belongs to apps of type stripe");
        }
        if (key != null && key.livemode() != app.livemode()) {
            throw invalid(
                    "secret_api_key",
                    app.livemode() ? "must be a live key, as the app's is" : "must be a test key, as the app's is");
        }
        return app;
    }

    /** Sessions and customers belong to an account: a key of another one would lose them all. */
    private Future<Void> checkKey(Actor actor, App app, AppChange change) {
        StripeKey key = change.key();
        if (key == null) {
            return Future.succeededFuture();
        }
        // Of the row and the new key only: the old key may be what cannot be opened any more.
        StripeApp candidate =
                new StripeApp(app.id(), actor.namespace(), app.accountId(), app.livemode(), key.secret(), List.of());
        return stripe.accountOf(candidate)
                .recover(failure -> Future.failedFuture(AppInstalls.notAccepted("secret_api_key", failure)))
                .map(account -> {
                    if (!account.equals(app.accountId())) {
                        throw invalid("secret_api_key", "must be a key of the app's own account");
                    }
                    return null;
                });
    }

    private static GatewayException invalid(String field, String reason) {
        return GatewayException.invalid(InvalidParameter.inBody(field, "not_allowed", reason));
    }

    /**
     * Removes an app. Its endpoint at Stripe is removed too, now or, when Stripe cannot be reached, by a loop.
     *
     * @return fails with {@link Reason#NOT_FOUND}, and with {@link Reason#CONFLICT} for the app of the settings
     */
    public Future<Void> uninstall(Actor actor, String id) {
        return own(actor, id)
                .compose(app -> taskStore.beginRemoval(actor, id, tasks.lease()))
                .map(InstalledApps::present)
                .compose(task -> tasks.remove(task).otherwiseEmpty());
    }

    /**
     * Gives the app's deliveries another signing secret, or answers what an earlier request with the same idempotency key
     * was answered.
     *
     * @param overlap how long the old one is taken
     * @return fails with {@link Reason#NOT_FOUND}, with {@link Reason#CONFLICT} when the endpoint is not the gateway's,
     *     too many are live, another process has taken over or the app's key is lost, with
     *     {@link Reason#IDEMPOTENCY_KEY_REUSED} or {@link Reason#IDEMPOTENCY_KEY_IN_USE}, or as Stripe does
     */
    public Future<Answered> rotateWebhookSecret(
            Actor actor, String id, Duration overlap, Optional<IdempotencyKey> key) {
        return addWebhook(actor, id, new Addition(false, false, overlap, null), key, () -> own(actor, id));
    }

    /**
     * A further endpoint, whose secret is another.
     *
     * @param connect whether it hears of connected accounts instead of the app's own
     * @param onlyFirst whether it is not wanted where one for connected accounts is registered already
     * @param overlap how long those of its kind before it stay
     * @param insteadOf the one, by our id, whose place it takes unless another has; {@code null} for none
     */
    record Addition(boolean connect, boolean onlyFirst, Duration overlap, @Nullable String insteadOf) {}

    /**
     * Registers it, or answers what an earlier request with the same key was answered, or how what is there stands.
     *
     * @param allowed fails when it may not be; asked only when the key is new
     */
    Future<Answered> addWebhook(
            Actor actor,
            String id,
            Addition addition,
            Optional<IdempotencyKey> key,
            Supplier<? extends Future<?>> allowed) {
        return recall(actor, key)
                .compose(met ->
                        met.map(Future::succeededFuture).orElseGet(() -> begin(actor, id, addition, key, allowed)))
                .compose(begun -> proceed(begun, key));
    }

    /**
     * Registers an endpoint in place of one that is gone, or cannot be mended.
     *
     * @param overlap how long that one stays
     * @return fails as {@link #rotateWebhookSecret} does, and with {@link Reason#CONFLICT} when it was replaced already
     */
    Future<Void> replaceWebhook(Actor actor, String id, Registered replaced, Duration overlap) {
        Addition addition = new Addition(replaced.connect(), false, overlap, replaced.id());
        return addWebhook(actor, id, addition, Optional.empty(), () -> own(actor, id))
                .mapEmpty();
    }

    private Future<Optional<Begun>> recall(Actor actor, Optional<IdempotencyKey> key) {
        return key.map(given -> taskStore.repeatedRegistration(actor.namespace(), given))
                .orElseGet(() -> Future.succeededFuture(Optional.empty()));
    }

    private Future<Begun> begin(
            Actor actor,
            String id,
            Addition addition,
            Optional<IdempotencyKey> key,
            Supplier<? extends Future<?>> allowed) {
        return allowed.get()
                .compose(checked -> withKey(actor, id))
                .map(app -> newWebhook(app, addition))
                .compose(webhook -> tasks.beginRegistration(actor, key, id, webhook, WEBHOOKS_MAX))
                .map(InstalledApps::present);
    }

    private Future<StripeApp> withKey(Actor actor, String id) {
        return apps.in(actor.namespace(), id)
                .recover(failure -> Future.failedFuture(
                        GatewayException.is(failure, Reason.NOT_FOUND) ? AppTasks.keyLost() : failure));
    }

    private NewWebhook newWebhook(StripeApp app, Addition addition) {
        if (!settings.registerWebhooks() || settings.publicUrl() == null) {
            throw new GatewayException(
                    Reason.CONFLICT,
                    "This gateway registers no webhook endpoints: its operator decides on the secrets");
        }
        String id = UlidCreator.getMonotonicUlid().toString();
        return new NewWebhook(
                id,
                addition.connect(),
                addition.onlyFirst(),
                installs.webhookOf(app, id, addition.connect()),
                addition.overlap(),
                addition.insteadOf());
    }

    private Future<Answered> proceed(Begun begun, Optional<IdempotencyKey> key) {
        return begun.answer()
                .map(answer -> Future.succeededFuture(new Answered(answer, key.isPresent())))
                .orElseGet(() -> begun.task()
                        .map(this::register)
                        .orElseGet(() -> Future.succeededFuture(Optional.empty()))
                        .map(answer -> Answered.first(answer.orElseThrow(() -> takenBy(key)))));
    }

    private Future<Optional<StoredAnswer>> register(AppTask task) {
        return tasks.registerMissing(task).onSuccess(registered -> bell.run());
    }

    /** Whoever has it finishes it, or a loop does. */
    private static GatewayException takenBy(Optional<IdempotencyKey> key) {
        return key.isPresent()
                ? GatewayException.retryable(
                        Reason.IDEMPOTENCY_KEY_IN_USE,
                        "The first request with this Idempotency-Key is still under way",
                        WHEN_IN_USE)
                : GatewayException.retryable(Reason.CONFLICT, "Another process goes on with this", WHEN_IN_USE);
    }

    /**
     * Takes deliveries besides that are signed with the secret of an endpoint for connected accounts, which somebody made
     * at Stripe.
     *
     * @return fails with {@link Reason#NOT_FOUND}, and with {@link Reason#CONFLICT} for the app of the settings
     */
    public Future<Void> setConnectSecret(Actor actor, String id, Secret secret) {
        return own(actor, id)
                .compose(app -> store.putConnectSecret(actor, id, secret))
                .compose(known -> known
                        ? Future.succeededFuture()
                        : Future.failedFuture(new GatewayException(Reason.NOT_FOUND, "No app has this id")));
    }

    /** An app that the API decides on. */
    Future<App> own(Actor actor, String id) {
        return get(actor.namespace(), id)
                .compose(app ->
                        apps.configured().filter(known -> known.id().equals(id)).isPresent()
                                ? Future.failedFuture(
                                        new GatewayException(
                                                Reason.CONFLICT,
                                                "This app comes from the gateway's settings and changes with them: STRIPE_API_KEY"))
                                : Future.succeededFuture(app));
    }

    static <T> T present(Optional<T> found) {
        return found.orElseThrow(() -> new GatewayException(Reason.NOT_FOUND, "No app has this id"));
    }
}
