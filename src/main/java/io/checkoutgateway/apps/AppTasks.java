package io.checkoutgateway.apps;

import io.checkoutgateway.apps.AppTask.Webhook;
import io.checkoutgateway.apps.AppTaskStore.Begun;
import io.checkoutgateway.apps.AppTaskStore.NewWebhook;
import io.checkoutgateway.audit.Actor;
import io.checkoutgateway.failure.Failures;
import io.checkoutgateway.failure.GatewayException;
import io.checkoutgateway.failure.InvalidParameter;
import io.checkoutgateway.failure.Reason;
import io.checkoutgateway.failure.StripeFailure;
import io.checkoutgateway.failure.StripeFailure.Effect;
import io.checkoutgateway.idempotency.IdempotencyKey;
import io.checkoutgateway.idempotency.StoredAnswer;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does at Stripe what installs, rotations and removals ask for: by the request itself, or by a loop when the request's
 * process died or Stripe's answer was lost. Every call can be repeated: creates carry a key of their own, and what was
 * created is found again by our id in its metadata.
 */
public final class AppTasks {
    private static final Logger LOG = LoggerFactory.getLogger(AppTasks.class);

    /** Stripe may forget a key after 24 h; a later create would register a second endpoint. */
    static final Duration KEY_LIFE = Duration.ofHours(23);

    /** Half a minute with the pauses: what has not come to a good end by then is taken back, so that it can be begun anew. */
    private static final int TRIES = 5;

    /** For the steps between the calls. */
    private static final Duration OWN_TIME = Duration.ofSeconds(30);

    /** A removal makes a call or two for each of the few endpoints, of both kinds. */
    private static final int CALLS_MAX = 14;

    /** A registration is one call; its caller may come back soon after a process died at it. */
    private static final int CALLS_OF_A_REGISTRATION = 2;

    /**
     * Between the look at its app and its reservation a create asks for the customer at Stripe: once before it makes one of
     * ours, and up to three times to tie the two.
     */
    private static final int CALLS_BEFORE_A_RESERVATION = 4;

    /** A create that was reserved in time is finished or given up by others, in about this time. */
    private static final Duration UNTIL_CREATES_END = Duration.ofSeconds(30);

    private static final Duration PAUSE_MOST = Duration.ofMinutes(30);

    /** So that a round ends; the next one follows at once. */
    private static final int BATCH = 20;

    private final AppTaskStore store;
    private final StripeAccountCalls stripe;
    private final Function<AppStore.Row, Optional<StripeApp>> ready;
    private final AppAnswers answers;
    private final Duration lease;
    private final Duration leaseToRegister;
    private final Duration createsBegin;

    /** @param deadline how long a call to Stripe may take */
    public AppTasks(AppTaskStore store, StripeAccountCalls stripe, Apps apps, AppAnswers answers, Duration deadline) {
        this.store = store;
        this.stripe = stripe;
        this.ready = apps::ready;
        this.answers = answers;
        this.lease = deadline.multipliedBy(CALLS_MAX).plus(OWN_TIME);
        this.leaseToRegister = deadline.multipliedBy(CALLS_OF_A_REGISTRATION).plus(OWN_TIME);
        this.createsBegin = deadline.multipliedBy(CALLS_BEFORE_A_RESERVATION).plus(OWN_TIME);
    }

    /** How long a task is one process's. */
    Duration lease() {
        return lease;
    }

    /** The same for one that only registers an endpoint. */
    Duration leaseToRegister() {
        return leaseToRegister;
    }

    /** Writes a further webhook down before Stripe is asked for it, as {@link AppTaskStore#beginRegistration} says. */
    Future<Optional<Begun>> beginRegistration(
            Actor actor, Optional<IdempotencyKey> key, String appId, NewWebhook webhook, int most) {
        return store.beginRegistration(actor, key, appId, webhook, leaseToRegister, most, answers);
    }

    /** Finishes or undoes what nobody is at, now; tells whether there may be more. */
    public Future<Boolean> runOnce() {
        return next(BATCH);
    }

    private Future<Boolean> next(int left) {
        return left == 0
                ? Future.succeededFuture(true)
                : store.claim(lease)
                        .compose(claimed -> claimed.map(task -> settle(task).transform(settled -> next(left - 1)))
                                .orElseGet(() -> Future.succeededFuture(false)));
    }

    private Future<Void> settle(AppTask task) {
        return switch (task.stage()) {
            case INSTALLING -> install(task).mapEmpty();
            case INSTALLED -> tend(task);
            case LEAVING -> remove(task);
        };
    }

    /** Registers the endpoint of an app and brings the app into being; fails as Stripe does. */
    Future<StoredAnswer> install(AppTask task) {
        Optional<StripeApp> app = ready.apply(task.app());
        Optional<Webhook> wanted = missing(task);
        if (wanted.isEmpty()) {
            return installed(store.installed(task, null, null, answers));
        }
        if (app.isEmpty()) {
            return store.abandon(task)
                    .compose(abandoned -> Future.failedFuture(new GatewayException(
                            Reason.APP_NOT_AVAILABLE,
                            "The app's key cannot be used any more, or the settings name no sandbox any more")));
        }
        Webhook webhook = wanted.get();
        return register(app.get(), webhook)
                .recover(failure ->
                        notRegistered(task, failure).transform(noted -> Future.failedFuture(ofInstall(failure))))
                .compose(registered -> installed(store.installed(task, webhook.id(), registered, answers)));
    }

    private static Future<StoredAnswer> installed(Future<Optional<StoredAnswer>> written) {
        return written.map(answer -> answer.orElseThrow(() ->
                GatewayException.retryable(Reason.CONFLICT, "Another process goes on with this install", OWN_TIME)));
    }

    private Future<StripeAccountCalls.Registered> register(StripeApp app, Webhook webhook) {
        return webhook.age().compareTo(KEY_LIFE) > 0
                ? Future.failedFuture(tooLate())
                : stripe.register(app, webhook.parameters(), webhook.idempotencyKey());
    }

    /** The endpoint may be there and its secret is lost: like a refusal, it is to be begun anew. */
    private static StripeFailure tooLate() {
        return new StripeFailure(
                Reason.STRIPE_TIMEOUT,
                Effect.REFUSED,
                "Stripe did not answer within a day",
                null,
                List.of(),
                null,
                null);
    }

    /** Of a first call that had no effect nothing is at Stripe; after others, something may be. */
    private Future<Void> notRegistered(AppTask task, Throwable failure) {
        Effect effect = StripeFailure.effectOf(failure);
        note(task, failure);
        if (effect != Effect.UNKNOWN && task.attempt() == 1) {
            return store.undone(task);
        }
        return effect == Effect.REFUSED || task.attempt() >= TRIES
                ? store.abandon(task)
                : store.failed(task, pauseAfter(task.attempt()));
    }

    /** In the words of the one who gave the key. */
    private static Throwable ofInstall(Throwable failure) {
        return isRefusedKey(failure)
                ? GatewayException.invalid(InvalidParameter.inBody(
                        "api_key", "not_accepted", "does not allow to register webhook endpoints"))
                : told(failure);
    }

    private static Throwable told(Throwable failure) {
        return failure instanceof StripeFailure known && known.reason() == Reason.STRIPE_REFUSED
                ? new GatewayException(known.reason(), String.valueOf(known.getMessage()), known)
                : failure;
    }

    /**
     * Registers the further endpoint that was begun for an installed app.
     *
     * @return empty when another process does it; fails as Stripe does, or with {@link Reason#CONFLICT} when the app's key
     *     cannot be used any more
     */
    Future<Optional<StoredAnswer>> registerMissing(AppTask task) {
        return missing(task)
                .map(webhook -> ready.apply(task.app())
                        .map(app -> register(task, app, webhook))
                        .orElseGet(() -> notBegun(task, webhook)))
                .orElseGet(() -> Future.succeededFuture(Optional.empty()));
    }

    private Future<Optional<StoredAnswer>> register(AppTask task, StripeApp app, Webhook webhook) {
        return register(app, webhook)
                .compose(registered -> store.registered(task, webhook, registered, answers))
                .recover(failure ->
                        notAdded(task, webhook, failure).transform(noted -> Future.failedFuture(told(failure))));
    }

    private Future<Optional<StoredAnswer>> notBegun(AppTask task, Webhook webhook) {
        return store.removed(task, webhook.id())
                .compose(removed -> store.done(task))
                .compose(done -> Future.failedFuture(keyLost()));
    }

    /** Nothing can be done at Stripe for an app whose key cannot be opened. */
    static GatewayException keyLost() {
        return new GatewayException(Reason.CONFLICT, "The app's key cannot be used; give it another one first");
    }

    private Future<Void> notAdded(AppTask task, Webhook webhook, Throwable failure) {
        Effect effect = StripeFailure.effectOf(failure);
        note(task, failure);
        boolean open = effect == Effect.UNKNOWN || (effect == Effect.NONE && task.attempt() > 1);
        if (open && task.attempt() < TRIES) {
            return store.failed(task, pauseAfter(task.attempt()));
        }
        Future<Void> cleared = task.attempt() == 1 ? store.removed(task, webhook.id()) : remove(task, List.of(webhook));
        return cleared.compose(removed -> store.done(task));
    }

    private static Optional<Webhook> missing(AppTask task) {
        return task.webhooks().stream()
                .filter(webhook -> webhook.endpointId() == null && !webhook.retired())
                .findFirst();
    }

    /** What an installed app needs: an endpoint that was begun and left unregistered, the end of those that retire. */
    Future<Void> tend(AppTask task) {
        if (missing(task).isPresent()) {
            return registerMissing(task).mapEmpty();
        }
        List<Webhook> retired =
                task.webhooks().stream().filter(Webhook::retired).toList();
        return orLater(task, remove(task, retired).compose(removed -> store.done(task)));
    }

    /** Removes the app's endpoints, then its secrets. */
    Future<Void> remove(AppTask task) {
        return orLater(
                task,
                remove(task, task.webhooks())
                        .compose(removed -> store.gone(task, createsBegin))
                        .compose(gone -> gone ? Future.succeededFuture() : store.failed(task, UNTIL_CREATES_END)));
    }

    private Future<Void> remove(AppTask task, List<Webhook> webhooks) {
        Optional<StripeApp> app = ready.apply(task.app());
        Future<Void> removed = Future.succeededFuture();
        for (Webhook webhook : webhooks) {
            removed = removed.compose(before -> app.map(known -> remove(task, known, webhook))
                            .orElseGet(() -> left(task.app().id(), webhook)))
                    .compose(gone -> store.removed(task, webhook.id()));
        }
        return removed;
    }

    /** What a key may not touch any more stays; whoever withdrew the key has the endpoint in hand. */
    private Future<Void> remove(AppTask task, StripeApp app, Webhook webhook) {
        return endpointsOf(task, app, webhook)
                .compose(ids -> {
                    Future<Void> removed = Future.succeededFuture();
                    for (String id : ids) {
                        removed = removed.compose(before -> stripe.remove(app, id));
                    }
                    return removed;
                })
                .recover(failure -> isRefusedKey(failure) ? left(app.id(), webhook) : Future.failedFuture(failure));
    }

    /**
     * A create whose answer was lost is repeated first: it answers which endpoint it made, and one that is still on its
     * way cannot arrive after the look. When that has failed for long, no create is on its way any more.
     */
    private Future<List<String>> endpointsOf(AppTask task, StripeApp app, Webhook webhook) {
        if (webhook.endpointId() != null) {
            return Future.succeededFuture(List.of(webhook.endpointId()));
        }
        return webhook.age().compareTo(KEY_LIFE) > 0 || task.attempt() > TRIES
                ? stripe.find(app, webhook.id())
                : stripe.register(app, webhook.parameters(), webhook.idempotencyKey())
                        .map(registered -> List.of(registered.endpointId()))
                        .recover(failure -> StripeFailure.effectOf(failure) == Effect.REFUSED
                                ? stripe.find(app, webhook.id())
                                : Future.failedFuture(failure));
    }

    private static boolean isRefusedKey(Throwable failure) {
        return GatewayException.is(failure, Reason.STRIPE_CREDENTIALS);
    }

    private static Future<Void> left(String appId, Webhook webhook) {
        LOG.atWarn()
                .addKeyValue("app", appId)
                .addKeyValue("webhook", webhook.id())
                .log("no key to remove the webhook endpoint with; it is left where it is");
        return Future.succeededFuture();
    }

    private Future<Void> orLater(AppTask task, Future<Void> work) {
        return work.recover(failure -> {
            note(task, failure);
            return store.failed(task, pauseAfter(task.attempt())).transform(noted -> Future.failedFuture(failure));
        });
    }

    private static void note(AppTask task, Throwable failure) {
        Failures.note(
                        LOG.atWarn()
                                .addKeyValue("app", task.app().id())
                                .addKeyValue("stage", task.stage())
                                .addKeyValue("attempt", task.attempt()),
                        failure)
                .log("an app's webhook endpoint is not settled");
    }

    /** Doubles from a second to half an hour. */
    static Duration pauseAfter(int attempt) {
        Duration pause = Duration.ofSeconds(1L << Math.min(attempt - 1, 20));
        return pause.compareTo(PAUSE_MOST) > 0 ? PAUSE_MOST : pause;
    }
}
