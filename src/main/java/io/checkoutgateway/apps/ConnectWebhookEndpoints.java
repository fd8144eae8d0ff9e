package io.checkoutgateway.apps;

import io.checkoutgateway.apps.ConnectWebhookEndpoint.Status;
import io.checkoutgateway.apps.InstalledApps.Addition;
import io.checkoutgateway.audit.Actor;
import io.checkoutgateway.failure.GatewayException;
import io.checkoutgateway.failure.Reason;
import io.checkoutgateway.idempotency.Answered;
import io.checkoutgateway.idempotency.IdempotencyKey;
import io.checkoutgateway.idempotency.StoredAnswer;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.Optional;

/**
 * Endpoints at Stripe that hear of connected accounts: an app's own endpoint does not. Each step at Stripe is an
 * {@link AppTask}, as with the app's own endpoint, so that what dies is finished or undone. (Stripe, "Connect webhooks".)
 */
public final class ConnectWebhookEndpoints {
    private final InstalledAppStore store;
    private final AppTaskStore taskStore;
    private final AppTasks tasks;
    private final InstalledApps apps;
    private final AppAnswers answers;

    public ConnectWebhookEndpoints(
            InstalledAppStore store, AppTaskStore taskStore, AppTasks tasks, InstalledApps apps, AppAnswers answers) {
        this.store = store;
        this.taskStore = taskStore;
        this.tasks = tasks;
        this.apps = apps;
        this.answers = answers;
    }

    /** How it stands; fails with {@link Reason#NOT_FOUND} when the namespace has no such app. */
    public Future<ConnectWebhookEndpoint> get(String namespace, String appId) {
        return apps.get(namespace, appId).compose(app -> store.connectEndpoint(appId));
    }

    /**
     * Registers the endpoint, unless it is there. Of two who ask at once, one registers it.
     *
     * @return the endpoint, which is registered; fails with {@link Reason#NOT_FOUND}, with {@link Reason#CONFLICT} for the
     *     app of the settings, while an endpoint of the app is being registered, where the gateway registers none, when
     *     another process has taken over or the app's key is lost, or as Stripe does
     */
    public Future<StoredAnswer> register(Actor actor, String appId) {
        return apps.own(actor, appId)
                .compose(app -> store.connectEndpoint(appId))
                .compose(known -> known.status() == Status.REGISTERED
                        ? Future.succeededFuture(answers.connectEndpoint(known))
                        : registerFirst(actor, appId));
    }

    private Future<StoredAnswer> registerFirst(Actor actor, String appId) {
        Addition first = new Addition(true, true, Duration.ZERO, null);
        return apps.addWebhook(actor, appId, first, Optional.empty(), Future::succeededFuture)
                .map(Answered::answer);
    }

    /**
     * Gives the endpoint's deliveries another signing secret, or answers what an earlier request with the same idempotency
     * key was answered.
     *
     * @param overlap how long the old one is taken
     * @return fails as {@link #register} does, with {@link Reason#CONFLICT} when there is no endpoint of the gateway's or
     *     too many secrets are live, and with {@link Reason#IDEMPOTENCY_KEY_REUSED} or
     *     {@link Reason#IDEMPOTENCY_KEY_IN_USE}
     */
    public Future<Answered> rotateSecret(Actor actor, String appId, Duration overlap, Optional<IdempotencyKey> key) {
        return apps.addWebhook(
                actor, appId, new Addition(true, false, overlap, null), key, () -> registered(actor, appId));
    }

    private Future<ConnectWebhookEndpoint> registered(Actor actor, String appId) {
        return apps.own(actor, appId)
                .compose(app -> store.connectEndpoint(appId))
                .compose(known -> known.status() == Status.UNREGISTERED
                        ? Future.failedFuture(new GatewayException(
                                Reason.CONFLICT, "The gateway has registered no Connect endpoint for this app"))
                        : Future.succeededFuture(known));
    }

    /**
     * Removes the endpoint, if there is one. Its deliveries are refused from now on; at Stripe it is removed now or, when
     * Stripe cannot be reached, by a loop.
     *
     * @return fails with {@link Reason#NOT_FOUND}, and with {@link Reason#CONFLICT} for the app of the settings
     */
    public Future<Void> remove(Actor actor, String appId) {
        return apps.own(actor, appId)
                .compose(app -> taskStore.retireConnectEndpoints(actor, appId, tasks.lease()))
                .compose(begun ->
                        begun.map(task -> tasks.tend(task).otherwiseEmpty()).orElseGet(Future::succeededFuture));
    }
}
