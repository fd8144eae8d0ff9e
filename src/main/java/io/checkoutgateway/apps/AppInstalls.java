package io.checkoutgateway.apps;

import com.github.f4b6a3.ulid.UlidCreator;
import io.checkoutgateway.apps.AppTaskStore.Begun;
import io.checkoutgateway.apps.AppTaskStore.Install;
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
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Installs apps. The app is written down before its endpoint is registered, so that whoever dies in between leaves work
 * that {@link AppTasks} finishes or undoes.
 */
public final class AppInstalls {
    /** More accounts than one tenant has; each is gone through by catch-ups. */
    static final int APPS_MAX = 50;

    /** An install takes a second or two, unless its process died. */
    private static final Duration WHEN_IN_USE = Duration.ofSeconds(5);

    /** After the prefix that every test key of an account begins with, its account and what makes it hard to guess. */
    private static final String SANDBOX_KEY = "sk_test_51";

    private static final int SANDBOX_KEY_LENGTH = 32;
    private static final String ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    private final AppTaskStore store;
    private final AppTasks tasks;
    private final ConfiguredAccount configured;
    private final StripeAccountCalls stripe;
    private final AppSettings settings;
    private final List<String> eventTypes;
    private final List<String> connectEventTypes;
    private final SecureRandom random;

    /**
     * @param eventTypes what Stripe is asked to tell of
     * @param connectEventTypes the same of connected accounts
     */
    public AppInstalls(
            AppTaskStore store,
            AppTasks tasks,
            ConfiguredAccount configured,
            StripeAccountCalls stripe,
            AppSettings settings,
            List<String> eventTypes,
            List<String> connectEventTypes,
            SecureRandom random) {
        this.store = store;
        this.tasks = tasks;
        this.configured = configured;
        this.stripe = stripe;
        this.settings = settings;
        this.eventTypes = List.copyOf(eventTypes);
        this.connectEventTypes = List.copyOf(connectEventTypes);
        this.random = random;
    }

    /** The kinds of apps that can be installed here. */
    public List<AppType> offered() {
        return settings.sandboxApiBase() == null ? List.of(AppType.STRIPE) : List.of(AppType.STRIPE, AppType.SANDBOX);
    }

    /**
     * Installs an app, or answers what an earlier request with the same key was answered.
     *
     * @return fails with {@link Reason#INVALID_REQUEST} when Stripe does not accept the key, {@link Reason#CONFLICT} when
     *     the account is installed already, {@link Reason#APP_NOT_AVAILABLE} when it cannot be installed here, with
     *     {@link Reason#IDEMPOTENCY_KEY_REUSED} or {@link Reason#IDEMPOTENCY_KEY_IN_USE}, or as Stripe does
     */
    public Future<Answered> install(Actor actor, NewApp app, Optional<IdempotencyKey> key) {
        return recall(actor, key)
                .compose(met -> met.map(begun -> proceed(begun, true)).orElseGet(() -> Future.succeededFuture(app)
                        .map(this::available)
                        .compose(available -> prepared(actor, available))
                        .compose(install -> store.begin(install, key, tasks.leaseToRegister(), APPS_MAX))
                        .compose(begun -> proceed(begun, false))));
    }

    private Future<Optional<Begun>> recall(Actor actor, Optional<IdempotencyKey> key) {
        return key.map(given -> store.repeated(actor.namespace(), given, tasks.leaseToRegister()))
                .orElseGet(() -> Future.succeededFuture(Optional.empty()));
    }

    private Future<Answered> proceed(Begun begun, boolean repeated) {
        Optional<StoredAnswer> answer = begun.answer();
        if (answer.isPresent()) {
            return Future.succeededFuture(new Answered(answer.get(), repeated));
        }
        return begun.task()
                .map(task -> tasks.install(task).map(Answered::first))
                .orElseGet(() -> Future.failedFuture(GatewayException.retryable(
                        Reason.IDEMPOTENCY_KEY_IN_USE,
                        "The first request with this Idempotency-Key is still under way",
                        shorter(begun.retryAfter(), WHEN_IN_USE))));
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    private NewApp available(NewApp app) {
        if (!offered().contains(app.type())) {
            throw new GatewayException(
                    Reason.APP_NOT_AVAILABLE, "This gateway has no sandbox: GATEWAY_SANDBOX_API_BASE names none");
        }
        if (settings.registerWebhooks() && settings.publicUrl() == null) {
            throw new GatewayException(
                    Reason.APP_NOT_AVAILABLE,
                    "Stripe could not reach this gateway: its operator has to set GATEWAY_PUBLIC_URL");
        }
        return app;
    }

    /** The key is shown to Stripe before anything is written: a wrong one leaves no trace. */
    private Future<Install> prepared(Actor actor, NewApp app) {
        StripeKey key = app.key() == null ? sandboxKey() : app.key();
        StripeApp candidate = new StripeApp(
                UlidCreator.getMonotonicUlid().toString(),
                actor.namespace(),
                null,
                key.livemode(),
                key.secret(),
                List.of(),
                app.type() == AppType.SANDBOX ? settings.sandboxApiBase() : null);
        return stripe.accountOf(candidate)
                .recover(failure -> Future.failedFuture(notAccepted("api_key", failure)))
                // Else the account of the settings could be installed a second time.
                .compose(account -> configured.learn().map(account))
                .compose(account -> store.former(actor.namespace(), app.type(), account, key.livemode())
                        .map(former -> install(
                                actor, app, key, former.map(candidate::as).orElse(candidate), account)));
    }

    private Install install(Actor actor, NewApp app, StripeKey key, StripeApp candidate, String account) {
        String id = candidate.id();
        if (!settings.registerWebhooks()) {
            return new Install(id, actor, app, key, account, null, new JsonObject());
        }
        String webhookId = UlidCreator.getMonotonicUlid().toString();
        JsonObject parameters = webhookOf(candidate, webhookId, false);
        return new Install(id, actor, app, key, account, webhookId, parameters);
    }

    /** What Stripe is asked to create, so that it delivers this app's or its connected accounts' events to this gateway. */
    JsonObject webhookOf(StripeApp app, String webhookId, boolean connect) {
        URI base = Objects.requireNonNull(settings.publicUrl(), "no webhook is registered without a public URL");
        String url = webhookUrlOf(base, app.id());
        return connect
                ? stripe.connectParametersOf(app, webhookId, url, connectEventTypes)
                : stripe.parametersOf(app, webhookId, url, eventTypes);
    }

    /** Where the app's deliveries arrive, below the gateway's public URL. */
    public static String webhookPathOf(String appId) {
        return "/api/v1/apps/" + appId + "/stripe/webhook";
    }

    /** The same with the public URL before it. */
    public static String webhookUrlOf(URI publicUrl, String appId) {
        return publicUrl.toString().replaceAll("/+$", "") + webhookPathOf(appId);
    }

    /** A key that Stripe refuses is the caller's mistake, unlike one that the gateway has had for long. */
    static Throwable notAccepted(String field, Throwable failure) {
        return GatewayException.is(failure, Reason.STRIPE_CREDENTIALS)
                ? GatewayException.invalid(InvalidParameter.inBody(
                        field, "not_accepted", "is not accepted by Stripe, or may not read its account"))
                : failure;
    }

    private StripeKey sandboxKey() {
        StringBuilder key = new StringBuilder(SANDBOX_KEY);
        random.ints(SANDBOX_KEY_LENGTH, 0, ALPHABET.length()).forEach(place -> key.append(ALPHABET.charAt(place)));
        return new StripeKey(Secret.of(key.toString()));
    }
}
