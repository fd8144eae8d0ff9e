package io.checkoutgateway.store;

import io.checkoutgateway.audit.Actor;
import io.checkoutgateway.outgoing.DeliveryStore;
import io.checkoutgateway.outgoing.Message;
import io.checkoutgateway.outgoing.SigningSecrets;
import io.checkoutgateway.outgoing.WebhookEndpoint;
import io.checkoutgateway.secrets.Vault;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** Deliveries in Postgres, as the courier sees them. */
public final class PgWebhookDeliveries implements DeliveryStore {
    /**
     * One statement: deliveries and the new place in the feed are there together or not at all. The row's lock lets one
     * replica do it at a time; the others do not wait.
     */
    private static final String FAN_OUT =
            """
            WITH place AS (
                SELECT position FROM webhook_fan_out FOR UPDATE SKIP LOCKED
            ), news AS (
                SELECT f.position, f.namespace, f.session_id, f.sequence, f.type, f.data, f.created_at
                FROM feed f
                WHERE f.position > (SELECT position FROM place) -- a join would read the feed from its beginning
                ORDER BY f.position
                LIMIT #{most}
            ), added AS (
                INSERT INTO webhook_deliveries (
                    endpoint_id, position, message_id, session_id, type, data, published_at, later)
                SELECT e.id, n.position, 'msg_' || n.session_id || '_' || n.sequence, n.session_id, n.type, n.data,
                       n.created_at,
                       coalesce(n.data ->> 'source', '') = 'backfill'
                           -- What was held back, and is told since an event came, is news.
                           AND NOT (n.sequence = 1
                               AND n.type IN ('checkout_session.completed', 'checkout_session.expired'))
                FROM news n
                JOIN webhook_endpoints e ON e.namespace = n.namespace
                WHERE e.state = 'enabled' AND e.after_position < n.position
                  AND (e.event_types = '{}' OR n.type = ANY (e.event_types))
            ), moved AS (
                UPDATE webhook_fan_out
                SET position = (SELECT max(position) FROM news)
                WHERE EXISTS (SELECT FROM news)
            )
            SELECT count(*)::integer AS news FROM news
            """;

    /**
     * The endpoints that have anything pending, found by stepping from one to the next in the index: what it costs
     * depends on how many they are, and neither on how many endpoints there are nor on how much waits.
     */
    private static final String WAITING =
            """
            WITH RECURSIVE waiting AS (
                (SELECT endpoint_id FROM webhook_deliveries WHERE state = 'pending' ORDER BY endpoint_id LIMIT 1)
                UNION ALL
                SELECT (SELECT d.endpoint_id
                        FROM webhook_deliveries d
                        WHERE d.state = 'pending' AND d.endpoint_id > w.endpoint_id
                        ORDER BY d.endpoint_id
                        LIMIT 1)
                FROM waiting w
                WHERE w.endpoint_id IS NOT NULL
            )
            """;

    /**
     * The endpoints in any order: when there is no room for all, each has its turn. Of an endpoint what is news, and
     * what can wait only when nothing else is due. A message waits for those of its session that come before it and were
     * not tried yet, or are under way for the first time; not for those that failed, which may take days, nor behind
     * those that can wait.
     */
    private static final String CLAIM = WAITING
            + """
            , due AS (
                SELECT d.endpoint_id, d.position
                FROM (
                    SELECT e.id, ( -- the first, rather than whether there is any, so that an index is read
                               SELECT n.position
                               FROM webhook_deliveries n
                               WHERE n.endpoint_id = e.id AND NOT n.later AND n.state = 'pending'
                                 AND n.next_attempt_at <= now()
                               ORDER BY n.next_attempt_at
                               LIMIT 1) IS NULL AS later
                    FROM waiting w
                    JOIN webhook_endpoints e ON e.id = w.endpoint_id
                    WHERE e.state = 'enabled'
                      AND (e.failing_since IS NOT NULL) = #{failing}
                      AND (e.not_before IS NULL OR e.not_before <= now())
                      AND e.id <> ALL (#{busy}::text[])
                    ORDER BY random()
                ) e
                CROSS JOIN LATERAL (
                    SELECT q.endpoint_id, q.position
                    FROM webhook_deliveries q
                    WHERE q.endpoint_id = e.id AND q.later = e.later AND q.state = 'pending'
                      AND q.next_attempt_at <= now()
                      AND NOT EXISTS (
                          SELECT FROM webhook_deliveries p
                          WHERE p.endpoint_id = q.endpoint_id AND p.session_id = q.session_id
                            AND p.position < q.position AND p.state = 'pending' AND p.later <= q.later
                            AND (p.attempts = 0
                                 OR (p.attempts = 1 AND p.last_status IS NULL AND p.last_error IS NULL)))
                    ORDER BY q.next_attempt_at
                    LIMIT #{each}
                    FOR UPDATE SKIP LOCKED
                ) d
                LIMIT #{most}
            )
            UPDATE webhook_deliveries d
            SET attempts = d.attempts + 1,
                claim = d.claim + 1,
                last_attempt_at = now(),
                next_attempt_at = now() + make_interval(secs => #{lease_seconds})
            FROM due
            JOIN webhook_endpoints e ON e.id = due.endpoint_id
            WHERE d.endpoint_id = due.endpoint_id AND d.position = due.position
            RETURNING d.endpoint_id, d.position, d.claim, d.attempts, d.message_id, d.type, d.data, d.published_at,
                      e.namespace, e.url, e.version AS endpoint_version,
                      ARRAY(SELECT s.id
                            FROM webhook_secrets s
                            WHERE s.endpoint_id = e.id AND (s.expires_at IS NULL OR s.expires_at > now())
                            ORDER BY s.id DESC) AS secret_ids,
                      ARRAY(SELECT s.secret
                            FROM webhook_secrets s
                            WHERE s.endpoint_id = e.id AND (s.expires_at IS NULL OR s.expires_at > now())
                            ORDER BY s.id DESC) AS secrets
            """;

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

    private static final String SKIP =
            """
            UPDATE webhook_deliveries d
            SET state = 'skipped', settled_at = now()
            FROM (
                SELECT p.endpoint_id, p.position
                FROM webhook_endpoints e
                CROSS JOIN LATERAL (
                    SELECT endpoint_id, position
                    FROM webhook_deliveries
                    WHERE endpoint_id = e.id AND state = 'pending'
                    LIMIT #{most}
                    FOR UPDATE SKIP LOCKED
                ) p
                WHERE e.state = 'disabled'
                LIMIT #{most}
            ) left_over
            WHERE d.endpoint_id = left_over.endpoint_id AND d.position = left_over.position
            """;

    private static final String FORGET_OLD =
            """
            DELETE FROM webhook_deliveries d
            USING (
                SELECT endpoint_id, position
                FROM webhook_deliveries
                WHERE settled_at < now() - make_interval(secs => #{retention_seconds})
                ORDER BY settled_at
                LIMIT #{most}
                FOR UPDATE SKIP LOCKED
            ) old
            WHERE d.endpoint_id = old.endpoint_id AND d.position = old.position
            """;

    private static final String FORGET_OF_REMOVED =
            """
            DELETE FROM webhook_deliveries d
            USING (
                SELECT p.endpoint_id, p.position
                FROM webhook_endpoints e
                JOIN webhook_deliveries p ON p.endpoint_id = e.id
                WHERE e.state = 'deleted'
                LIMIT #{most}
            ) orphaned
            WHERE d.endpoint_id = orphaned.endpoint_id AND d.position = orphaned.position
            """;

    private static final String FORGET_REMOVED =
            """
            DELETE FROM webhook_endpoints e
            WHERE e.state = 'deleted' AND NOT EXISTS (SELECT FROM webhook_deliveries WHERE endpoint_id = e.id)
            """;

    private static final String FORGET_SECRETS = "DELETE FROM webhook_secrets WHERE expires_at <= now()";

    /** An endpoint's deliveries came into the feed in the order of their positions: its oldest is the first of them. */
    private static final String BACKLOG = WAITING
            + """
            SELECT (SELECT count(*) FROM (
                        SELECT FROM webhook_deliveries
                        WHERE state = 'pending'
                        ORDER BY endpoint_id, later, next_attempt_at
                        LIMIT #{most}) first) AS pending,
                   coalesce((SELECT extract(epoch FROM now() - min(d.published_at))
                             FROM waiting w
                             CROSS JOIN LATERAL (
                                 SELECT published_at
                                 FROM webhook_deliveries
                                 WHERE endpoint_id = w.endpoint_id AND state = 'pending'
                                 ORDER BY position
                                 LIMIT 1) d), 0)::float8 AS oldest_seconds,
                   (SELECT count(*) FROM webhook_endpoints WHERE state = 'enabled' AND failing_since IS NOT NULL)
                       AS failing,
                   (SELECT count(*) FROM webhook_endpoints WHERE state = 'disabled') AS disabled
            """;

    private final Postgres postgres;
    private final Vault vault;

    public PgWebhookDeliveries(Postgres postgres, Vault vault) {
        this.postgres = postgres;
        this.vault = vault;
    }

    @Override
    public Future<Integer> fanOut(int most) {
        return postgres.query(FAN_OUT, Map.of("most", most))
                .map(rows -> rows.iterator().next().getInteger("news"));
    }

    @Override
    public Future<List<Due>> claim(Claim claim) {
        return postgres.query(
                        CLAIM,
                        Parameters.of("failing", claim.failing())
                                .and("busy", claim.busy().toArray(String[]::new))
                                .and("each", claim.each())
                                .and("most", claim.most())
                                .and("lease_seconds", seconds(claim.lease()))
                                .map())
                .compose(rows -> withSecrets(
                        StreamSupport.stream(rows.spliterator(), false).toList()));
    }

    /**
     * Opens each endpoint's secrets once for all its deliveries. They are not kept for the next claim: opening takes
     * microseconds and sending takes milliseconds, and what is not kept can neither be stale nor leak.
     */
    private Future<List<Due>> withSecrets(List<Row> claimed) {
        Map<String, Future<SigningSecrets>> byEndpoint = new HashMap<>();
        List<Future<Due>> due = claimed.stream()
                .map(row -> byEndpoint
                        .computeIfAbsent(row.getString("endpoint_id"), endpoint -> secretsOf(row))
                        .map(secrets -> toDue(row, secrets)))
                .toList();
        return Future.join(due).map(opened -> due.stream().map(Future::result).toList());
    }

    private Future<SigningSecrets> secretsOf(Row row) {
        return WebhookSecrets.open(
                vault,
                row.getString("namespace"),
                row.getString("endpoint_id"),
                List.of(row.getArrayOfLongs("secret_ids")),
                List.of(row.getArrayOfBuffers("secrets")));
    }

    @Override
    public Future<Optional<Duration>> delivered(Due due, @Nullable Integer status) {
        return postgres.query(DELIVERED, parametersOf(due).and("status", status).map())
                .map(rows ->
                        Rows.first(rows).map(row -> Duration.ofMillis((long) (row.getDouble("age_seconds") * 1000))));
    }

    @Override
    public Future<Optional<Verdict>> failed(Due due, Failure failure) {
        Duration retryIn = failure.retryIn();
        Map<String, Object> outcome = parametersOf(due)
                .and("status", failure.status())
                .and("error", failure.error())
                .and("retry_seconds", retryIn == null ? null : seconds(retryIn))
                .and("pause_seconds", seconds(failure.pause()))
                .and("gone", failure.gone())
                .and("disable_seconds", seconds(failure.disableAfter()))
                .and("silence_seconds", seconds(failure.silence()))
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

    @Override
    public Future<Integer> skip(int most) {
        return count(SKIP, Map.of("most", most));
    }

    @Override
    public Future<Integer> forget(Duration retention, int most) {
        return count(FORGET_OLD, Map.of("retention_seconds", seconds(retention), "most", most))
                .compose(old -> count(FORGET_OF_REMOVED, Map.of("most", most))
                        .compose(orphaned -> count(FORGET_REMOVED, Map.of())
                                .compose(removed -> count(FORGET_SECRETS, Map.of()))
                                .map(Math.max(old, orphaned))));
    }

    private Future<Integer> count(String sql, Map<String, Object> parameters) {
        return postgres.query(sql, parameters).map(rows -> rows.rowCount());
    }

    @Override
    public Future<Backlog> backlog(int most) {
        return postgres.query(BACKLOG, Map.of("most", most)).map(rows -> {
            Row row = rows.iterator().next();
            return new Backlog(
                    row.getLong("pending"),
                    row.getDouble("oldest_seconds"),
                    row.getLong("failing"),
                    row.getLong("disabled"));
        });
    }

    private static Parameters parametersOf(Due due) {
        return Parameters.of("endpoint_id", due.endpointId())
                .and("position", due.position())
                .and("claim", due.claim());
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / 1000.0;
    }

    private static Verdict toVerdict(Row row) {
        String disabled = row.getString("disabled");
        return new Verdict(
                row.getString("state").equals("pending"),
                disabled == null ? null : WebhookEndpoint.Reason.valueOf(disabled.toUpperCase(Locale.ROOT)));
    }

    private static Due toDue(Row row, SigningSecrets secrets) {
        return new Due(
                row.getString("endpoint_id"),
                row.getLong("position"),
                row.getLong("claim"),
                row.getInteger("attempts"),
                row.getString("url"),
                row.getLong("endpoint_version"),
                toMessage(row),
                secrets);
    }

    static Message toMessage(Row row) {
        return new Message(
                row.getString("message_id"),
                row.getString("type"),
                row.getJsonObject("data"),
                Rows.instantOf(row, "published_at"));
    }
}
