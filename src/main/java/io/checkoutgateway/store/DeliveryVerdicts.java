package io.checkoutgateway.store;

import io.checkoutgateway.audit.Actor;
import io.checkoutgateway.outgoing.DeliveryStore.Due;
import io.checkoutgateway.outgoing.DeliveryStore.Failure;
import io.checkoutgateway.outgoing.DeliveryStore.Verdict;
import io.checkoutgateway.outgoing.WebhookEndpoint;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What becomes of a delivery and of its endpoint, once an attempt has ended. */
final class DeliveryVerdicts {
    /** Also when the endpoint was disabled meanwhile: the message has arrived. */
    private static final String DELIVERED =
            """
            WITH delivery AS (
                UPDATE webhook_deliveries
                SET state = 'delivered', settled_at = now(), last_status = #{status}, last_error = NULL
                WHERE endpoint_id = #{endpoint_id} AND position = #{position} AND claim = #{claim}
                RETURNING endpoint_id, published_at
            ), endpoint AS (
                UPDATE webhook_endpoints e
                SET failing_since = NULL, not_before = NULL
                FROM delivery d
                WHERE e.id = d.endpoint_id AND e.failing_since IS NOT NULL
            )
            SELECT extract(epoch FROM now() - published_at)::float8 AS age_seconds FROM delivery
            """;

    /**
     * What an endpoint answered before its owner changed it says nothing about what it is now: it is as if the attempt had
     * not been made. A failure after a long silence is the first anew, since nobody knows what the endpoint would have
     * answered in between. When the last one came is known to the hour, so that not each of a crowd writes its row.
     */
    private static final String FAILED =
            """
            WITH mine AS (
                SELECT endpoint_id, position
                FROM webhook_deliveries
                WHERE endpoint_id = #{endpoint_id} AND position = #{position} AND claim = #{claim} AND state = 'pending'
                FOR UPDATE
            ), told AS (
                SELECT e.id, e.namespace, to_jsonb(e)::text AS before, e.version <> #{endpoint_version} AS changed,
                       e.last_failed_at >= now() - make_interval(secs => #{silence_seconds}::float8) AS goes_on,
                       CASE WHEN #{gone}::boolean THEN 'gone'
                            WHEN e.failing_since <= now() - make_interval(secs => #{disable_seconds}::float8)
                                AND e.last_failed_at >= now() - make_interval(secs => #{silence_seconds}::float8)
                            THEN 'failing'
                       END AS disabled
                FROM webhook_endpoints e
                JOIN mine m ON m.endpoint_id = e.id
                WHERE e.state = 'enabled'
                FOR UPDATE OF e
            ), put_back AS (
                UPDATE webhook_deliveries d
                SET attempts = d.attempts - 1, next_attempt_at = now()
                FROM mine m
                JOIN told t ON t.id = m.endpoint_id AND t.changed
                WHERE d.endpoint_id = m.endpoint_id AND d.position = m.position
                RETURNING d.endpoint_id, d.state
            ), settled AS (
                UPDATE webhook_deliveries d
                SET state = CASE WHEN #{retry_seconds}::float8 IS NULL THEN 'failed' ELSE 'pending' END,
                    settled_at = CASE WHEN #{retry_seconds}::float8 IS NULL THEN now() END,
                    next_attempt_at = now() + make_interval(secs => coalesce(#{retry_seconds}::float8, 0)),
                    last_status = #{status},
                    last_error = #{error}
                FROM mine m
                WHERE d.endpoint_id = m.endpoint_id AND d.position = m.position
                  AND NOT EXISTS (SELECT FROM told WHERE changed)
                RETURNING d.endpoint_id, d.state
            ), endpoint AS (
                UPDATE webhook_endpoints e
                SET failing_since = CASE WHEN t.goes_on THEN coalesce(e.failing_since, now()) ELSE now() END,
                    last_failed_at = now(),
                    not_before = CASE WHEN #{pause_seconds}::float8 > 0
                                      THEN now() + make_interval(secs => #{pause_seconds}::float8) ELSE e.not_before END,
                    state = CASE WHEN t.disabled IS NULL THEN e.state ELSE 'disabled' END,
                    disabled_reason = t.disabled,
                    disabled_at = CASE WHEN t.disabled IS NOT NULL THEN now() END,
                    updated_at = CASE WHEN t.disabled IS NULL THEN e.updated_at ELSE now() END,
                    version = CASE WHEN t.disabled IS NULL THEN e.version ELSE e.version + 1 END
                FROM told t
                WHERE e.id = t.id AND NOT t.changed
                  AND (e.failing_since IS NULL OR t.disabled IS NOT NULL OR #{pause_seconds}::float8 > 0
                       OR e.last_failed_at IS NULL OR e.last_failed_at < now() - interval '1 hour')
                RETURNING e.id, to_jsonb(e)::text AS after
            )
            SELECT d.state, CASE WHEN NOT t.changed THEN t.disabled END AS disabled, t.namespace, t.before, n.after
            FROM (SELECT * FROM put_back UNION ALL SELECT * FROM settled) d
            LEFT JOIN told t ON t.id = d.endpoint_id
            LEFT JOIN endpoint n ON n.id = t.id
            """;

    private final Postgres postgres;

    DeliveryVerdicts(Postgres postgres) {
        this.postgres = postgres;
    }

    /** Settles it; answers how old the message was, or nothing when another attempt has it by now. */
    Future<Optional<Duration>> delivered(Due due, @Nullable Integer status) {
        return postgres.query(DELIVERED, parametersOf(due).and("status", status).map())
                .map(rows ->
                        Rows.first(rows).map(row -> Duration.ofMillis((long) (row.getDouble("age_seconds") * 1000))));
    }

    /** Notes what it means for the delivery and its endpoint; nothing when another attempt has it by now. */
    Future<Optional<Verdict>> failed(Due due, Failure failure) {
        Duration retryIn = failure.retryIn();
        Map<String, Object> outcome = parametersOf(due)
                .and("status", failure.status())
                .and("error", failure.error())
                .and("retry_seconds", retryIn == null ? null : Rows.seconds(retryIn))
                .and("pause_seconds", Rows.seconds(failure.pause()))
                .and("gone", failure.gone())
                .and("disable_seconds", Rows.seconds(failure.disableAfter()))
                .and("silence_seconds", Rows.seconds(failure.silence()))
                .and("endpoint_version", due.endpointVersion())
                .map();
        return postgres.inTransaction(connection -> Postgres.on(connection, FAILED, outcome)
                .map(Rows::first)
                .compose(row -> row.map(verdict -> noted(connection, due, verdict))
                        .orElseGet(() -> Future.succeededFuture(Optional.empty()))));
    }

    /** That an endpoint is told nothing any more is its owner's business: the trail has it, though nobody asked for it. */
    private static Future<Optional<Verdict>> noted(SqlConnection connection, Due due, Row row) {
        Verdict verdict = toVerdict(row);
        Future<Void> noted = verdict.disabled() == null
                ? Future.succeededFuture()
                : AuditRows.append(
                        connection,
                        Actor.gateway(row.getString("namespace"), due.message().id()),
                        "webhook_endpoint.disabled",
                        "webhook_endpoint:" + due.endpointId(),
                        row.getString("before"),
                        row.getString("after"));
        return noted.map(done -> Optional.of(verdict));
    }

    private static Verdict toVerdict(Row row) {
        String disabled = row.getString("disabled");
        return new Verdict(
                row.getString("state").equals("pending"),
                disabled == null ? null : WebhookEndpoint.Reason.valueOf(disabled.toUpperCase(Locale.ROOT)));
    }

    private static Parameters parametersOf(Due due) {
        return Parameters.of("endpoint_id", due.endpointId())
                .and("position", due.position())
                .and("claim", due.claim());
    }
}
