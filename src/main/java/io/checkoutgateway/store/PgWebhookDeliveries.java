package io.checkoutgateway.store;

import io.checkoutgateway.outgoing.DeliveryStore;
import io.checkoutgateway.outgoing.Message;
import io.checkoutgateway.outgoing.SigningSecrets;
import io.checkoutgateway.secrets.Vault;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
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
    private final DeliveryVerdicts verdicts;
    private final OldDeliveries old;

    public PgWebhookDeliveries(Postgres postgres, Vault vault) {
        this.postgres = postgres;
        this.vault = vault;
        this.verdicts = new DeliveryVerdicts(postgres);
        this.old = new OldDeliveries(postgres);
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
                                .and("lease_seconds", Rows.seconds(claim.lease()))
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
        return verdicts.delivered(due, status);
    }

    @Override
    public Future<Optional<Verdict>> failed(Due due, Failure failure) {
        return verdicts.failed(due, failure);
    }

    @Override
    public Future<Integer> skip(int most) {
        return old.skip(most);
    }

    @Override
    public Future<Integer> forget(Duration retention, int most) {
        return old.forget(retention, most);
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
