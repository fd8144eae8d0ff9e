package io.checkoutgateway.store;

import io.checkoutgateway.audit.Actor;
import io.checkoutgateway.failure.GatewayException;
import io.checkoutgateway.failure.Reason;
import io.checkoutgateway.outgoing.DeliveryLog;
import io.checkoutgateway.outgoing.Message;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** Deliveries in Postgres, for people. */
public final class PgWebhookDeliveryLog implements DeliveryLog {
    /** As many rows as a statement writes in a tenth of a second, while it keeps the endpoint's row. */
    private static final int RECOVERED_MAX = 2_000;

    private static final String COLUMNS =
            """
            d.position, d.message_id, d.type, d.session_id, d.state, d.attempts, d.published_at, d.next_attempt_at,
            d.last_attempt_at, d.settled_at, d.last_status, d.last_error
            """;

    private static final String ENDPOINT =
            """
            SELECT state FROM webhook_endpoints WHERE namespace = #{namespace} AND id = #{id} AND state <> 'deleted'
            """;

    private static final String LIST = "SELECT " + COLUMNS
            + """
            FROM webhook_deliveries d
            WHERE d.endpoint_id = #{id} AND (#{before}::bigint = 0 OR d.position < #{before}::bigint)
            ORDER BY d.position DESC
            LIMIT #{most}
            """;

    /** A statement of its own, so that each has its index. */
    private static final String LIST_OF_STATE = "SELECT " + COLUMNS
            + """
            FROM webhook_deliveries d
            WHERE d.endpoint_id = #{id} AND d.state = #{state} AND (#{before}::bigint = 0 OR d.position < #{before}::bigint)
            ORDER BY d.position DESC
            LIMIT #{most}
            """;

    private static final String FIND =
            "SELECT " + COLUMNS + "FROM webhook_deliveries d WHERE d.endpoint_id = #{id} AND d.position = #{position}";

    private static final String MESSAGE =
            """
            SELECT message_id, type, data, published_at
            FROM webhook_deliveries
            WHERE endpoint_id = #{id} AND position = #{position}
            """;

    private static final String LOCK =
            """
            SELECT to_jsonb(d)::text AS snapshot
            FROM webhook_deliveries d
            WHERE d.endpoint_id = #{id} AND d.position = #{position}
            FOR UPDATE
            """;

    /** A sender that is at it loses its claim; what it notes of its attempt no longer counts. */
    private static final String REDELIVER =
            """
            UPDATE webhook_deliveries d
            SET state = 'pending', attempts = 0, claim = d.claim + 1, next_attempt_at = now(), settled_at = NULL,
                last_status = NULL, last_error = NULL
            FROM webhook_endpoints e
            WHERE d.endpoint_id = #{id} AND d.position = #{position} AND e.id = d.endpoint_id AND e.state = 'enabled'
            RETURNING
            """
                    + COLUMNS + ", to_jsonb(d)::text AS snapshot";

    private final Postgres postgres;

    public PgWebhookDeliveryLog(Postgres postgres) {
        this.postgres = postgres;
    }

    @Override
    public Future<List<Delivery>> list(
            String namespace, String endpointId, @Nullable String state, long before, int most) {
        Map<String, Object> wanted = Parameters.of("id", endpointId)
                .and("state", state)
                .and("before", before)
                .and("most", most)
                .map();
        return endpoint(namespace, endpointId)
                .compose(known -> postgres.query(state == null ? LIST : LIST_OF_STATE, wanted))
                .map(rows -> StreamSupport.stream(rows.spliterator(), false)
                        .map(PgWebhookDeliveryLog::toDelivery)
                        .toList());
    }

    @Override
    public Future<Optional<Message>> message(String namespace, String endpointId, long position) {
        return endpoint(namespace, endpointId)
                .compose(known -> postgres.query(MESSAGE, Map.of("id", endpointId, "position", position)))
                .map(rows -> Rows.first(rows).map(PgWebhookDeliveries::toMessage));
    }

    @Override
    public Future<Optional<Delivery>> redeliver(Actor actor, String endpointId, long position) {
        Map<String, Object> wanted = Map.of("id", endpointId, "position", position);
        return endpoint(actor.namespace(), endpointId)
                .compose(known -> postgres.inTransaction(connection -> redeliver(connection, actor, wanted)))
                .compose(redelivered -> redelivered.isPresent()
                        ? Future.succeededFuture(redelivered)
                        : one(FIND, wanted).map(found -> found.map(PgWebhookDeliveryLog::refusedAs)));
    }

    private static Future<Optional<Delivery>> redeliver(
            SqlConnection connection, Actor actor, Map<String, Object> wanted) {
        String resource = "webhook_delivery:%s/%s".formatted(wanted.get("id"), wanted.get("position"));
        return AuditRows.around(connection, actor, "webhook_delivery.redelivered", resource, LOCK, REDELIVER, wanted)
                .map(done -> done.map(PgWebhookDeliveryLog::toDelivery));
    }

    private static Delivery refusedAs(Delivery found) {
        throw new GatewayException(Reason.CONFLICT, "The webhook endpoint is disabled; enable it first");
    }

    @Override
    public Future<Recovered> recover(Actor actor, String endpointId, Instant since, @Nullable Long after) {
        return postgres.inTransaction(
                connection -> WebhookRecoveries.recover(connection, actor, endpointId, since, after, RECOVERED_MAX));
    }

    private Future<Void> endpoint(String namespace, String id) {
        return postgres.query(ENDPOINT, Map.of("namespace", namespace, "id", id))
                .compose(rows -> rows.size() > 0
                        ? Future.succeededFuture()
                        : Future.failedFuture(
                                new GatewayException(Reason.NOT_FOUND, "No webhook endpoint has this id")));
    }

    private Future<Optional<Delivery>> one(String sql, Map<String, Object> parameters) {
        return postgres.query(sql, parameters).map(rows -> Rows.first(rows).map(PgWebhookDeliveryLog::toDelivery));
    }

    private static Delivery toDelivery(Row row) {
        return new Delivery(
                row.getLong("position"),
                row.getString("message_id"),
                row.getString("type"),
                row.getString("session_id"),
                row.getString("state"),
                row.getInteger("attempts"),
                Rows.instantOf(row, "published_at"),
                Rows.instantOf(row, "next_attempt_at"),
                Rows.instant(row, "last_attempt_at"),
                Rows.instant(row, "settled_at"),
                row.getInteger("last_status"),
                row.getString("last_error"));
    }
}
