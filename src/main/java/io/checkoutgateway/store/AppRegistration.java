package io.checkoutgateway.store;

import io.checkoutgateway.apps.AppAnswers;
import io.checkoutgateway.apps.AppTaskStore.NewWebhook;
import io.checkoutgateway.apps.ConnectWebhookEndpoint.Status;
import io.checkoutgateway.audit.Actor;
import io.checkoutgateway.failure.GatewayException;
import io.checkoutgateway.failure.Reason;
import io.checkoutgateway.idempotency.IdempotencyKey;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * How one further webhook of an installed app begins: what is written before Stripe is asked for it, as steps of one
 * transaction.
 *
 * @param lease how long it is this process's
 * @param most how many of its kind an app may have
 * @param answers say of the endpoint that is there that there is one
 */
record AppRegistration(
        SqlConnection connection,
        Actor actor,
        String appId,
        NewWebhook webhook,
        Duration lease,
        int most,
        AppAnswers answers) {
    private static final String COUNT =
            """
            SELECT count(*) FILTER (WHERE connect = #{connect}) AS webhooks,
                   count(*) FILTER (WHERE stripe_endpoint_id IS NULL) AS missing
            FROM app_webhooks
            WHERE app_id = #{id}
            """;

    private static final String REPLACEABLE =
            """
            SELECT id FROM app_webhooks WHERE id = #{instead_of} AND app_id = #{id} AND retire_at IS NULL
            """;

    /** A registration takes a second, unless its process died. */
    private static final Duration WHEN_REGISTERED = Duration.ofSeconds(5);

    /** Begins it, unless the key names one before it. */
    Future<Optional<SealedBegun>> once(IdempotencyKey key) {
        return PgIdempotencyKeys.claim(connection, actor.namespace(), key, webhook.id())
                .compose(used -> webhook.id().equals(used.sessionId())
                        ? begin().compose(this::freedUnlessBegun)
                        : Future.succeededFuture(Optional.of(met(used, key))));
    }

    private Future<Optional<SealedBegun>> freedUnlessBegun(Optional<SealedBegun> begun) {
        return begun.isPresent()
                ? Future.succeededFuture(begun)
                : PgIdempotencyKeys.free(connection, webhook.id()).map(begun);
    }

    /**
     * What a request with a key that is known meets. One that is under way is left to whoever is at it: it takes a second,
     * and a loop finishes it.
     */
    static SealedBegun met(PgIdempotencyKeys.Used used, IdempotencyKey key) {
        if (!used.sameRequest(key)) {
            throw PgIdempotencyKeys.reused();
        }
        return SealedBegun.known(used.answer());
    }

    /** Begins it; empty when there is no such app. Whoever else begins something of the app waits until this is written. */
    Future<Optional<SealedBegun>> begin() {
        return Postgres.on(connection, AppBeginnings.FIND_INSTALLED, parameters())
                .compose(found -> found.size() == 0
                        ? Future.succeededFuture(Optional.empty())
                        : stillToBeReplaced()
                                .compose(still -> beginUnlessThereIsOne())
                                .map(Optional::of));
    }

    /** What was found wrong with an endpoint is no reason to replace the one that has taken its place since. */
    private Future<Void> stillToBeReplaced() {
        return webhook.insteadOf() == null
                ? Future.succeededFuture()
                : Postgres.on(connection, REPLACEABLE, parameters())
                        .compose(found -> found.size() > 0
                                ? Future.succeededFuture()
                                : Future.failedFuture(
                                        new GatewayException(Reason.CONFLICT, "The endpoint was replaced meanwhile")));
    }

    private Future<SealedBegun> beginUnlessThereIsOne() {
        return thereIsOne().compose(one -> one.map(Future::succeededFuture).orElseGet(this::write));
    }

    private Future<Optional<SealedBegun>> thereIsOne() {
        return webhook.onlyFirst()
                ? ConnectEndpointRows.find(connection, appId).map(known -> Optional.of(known)
                        .filter(endpoint -> endpoint.status() == Status.REGISTERED)
                        .map(endpoint -> SealedBegun.known(Optional.of(answers.connectEndpoint(endpoint)))))
                : Future.succeededFuture(Optional.empty());
    }

    private Future<SealedBegun> write() {
        return Postgres.on(connection, COUNT, parameters())
                .map(rows -> roomy(rows.iterator().next()))
                .compose(roomy -> Postgres.on(connection, AppBeginnings.ADD_WEBHOOK, parameters()))
                .compose(added -> Postgres.on(connection, AppBeginnings.TAKE, parameters()))
                .compose(taken -> AppTaskRows.find(connection, appId))
                .map(SealedBegun::toDo);
    }

    private Row roomy(Row counts) {
        if (counts.getLong("missing") > 0) {
            throw GatewayException.retryable(
                    Reason.CONFLICT, "An endpoint of this app is being registered", WHEN_REGISTERED);
        }
        if (counts.getLong("webhooks") >= most) {
            throw new GatewayException(
                    Reason.CONFLICT, "%d secrets are live; wait until the oldest has retired".formatted(most));
        }
        return counts;
    }

    private Map<String, Object> parameters() {
        return Parameters.of("id", appId)
                .and("namespace", actor.namespace())
                .and("webhook_id", webhook.id())
                .and("connect", webhook.connect())
                .and("instead_of", webhook.insteadOf())
                .and("parameters", webhook.parameters())
                .and("retire_seconds", Rows.seconds(webhook.retireOthersAfter()))
                .and("asked_by", actor.name())
                .and("asked_with", actor.requestId())
                .and("lease_seconds", Rows.seconds(lease))
                .and("attempts", 1)
                .map();
    }
}
