package io.checkoutgateway.store;

import io.checkoutgateway.audit.Actor;
import io.checkoutgateway.failure.GatewayException;
import io.checkoutgateway.failure.Reason;
import io.checkoutgateway.outgoing.DeliveryLog.Recovered;
import io.checkoutgateway.outgoing.WebhookEndpoint;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What an endpoint missed, found again, as a step of a transaction. */
final class WebhookRecoveries {
    private static final String LOCK =
            """
            SELECT to_jsonb(e)::text AS snapshot, state
            FROM webhook_endpoints e
            WHERE namespace = #{namespace} AND id = #{id} AND state <> 'deleted'
            FOR NO KEY UPDATE
            """;

    /**
     * The place in the feed before the first entry of this time or later, found by halving: entries have no index by
     * time, and times grow with positions. 0 when the feed holds nothing older: deliveries may be older than the feed.
     */
    private static final String BEGINNING =
            """
            WITH RECURSIVE ends AS (
                SELECT coalesce(min(position), 0) AS low, coalesce(max(position), 0) + 1 AS high FROM feed
            ), search AS (
                SELECT low, high FROM ends
                UNION ALL
                SELECT CASE WHEN early THEN middle + 1 ELSE low END, CASE WHEN early THEN high ELSE middle END
                FROM (
                    SELECT low, high, (low + high) / 2 AS middle, coalesce((
                               SELECT f.created_at < #{since}
                               FROM feed f
                               WHERE f.position >= (s.low + s.high) / 2
                               ORDER BY f.position
                               LIMIT 1), false) AS early
                    FROM search s
                    WHERE low < high) half
            )
            SELECT CASE WHEN low = (SELECT low FROM ends) THEN 0 ELSE low - 1 END AS after FROM search WHERE low >= high
            """;

    /**
     * Looks at the next entries of the feed, and at the next deliveries that were given up, in one order. What lies
     * after the fan-out's place is left to it: it expects to be the first to bring it.
     */
    private static final String QUEUE =
            """
            WITH published AS (
                SELECT position, 'msg_' || session_id || '_' || sequence AS message_id, session_id, type, data,
                       created_at AS published_at
                FROM feed
                WHERE namespace = #{namespace} AND position > #{after}
                  AND position <= (SELECT position FROM webhook_fan_out)
                ORDER BY position
                LIMIT #{most}
            ), given_up AS (
                SELECT d.*
                FROM (VALUES ('failed'), ('skipped')) states (state)
                CROSS JOIN LATERAL (
                    SELECT position, message_id, session_id, type, data, published_at
                    FROM webhook_deliveries
                    WHERE endpoint_id = #{id} AND state = states.state AND position > #{after}
                      AND published_at >= #{since}
                    ORDER BY position
                    LIMIT #{most}) d
            ), looked_at AS (
                SELECT DISTINCT ON (position) *
                FROM (SELECT * FROM published UNION ALL SELECT * FROM given_up) every
                ORDER BY position
                LIMIT #{most}
            ), queued AS (
                INSERT INTO webhook_deliveries AS d (
                    endpoint_id, position, message_id, session_id, type, data, published_at, later)
                SELECT e.id, l.position, l.message_id, l.session_id, l.type, l.data, l.published_at, true
                FROM looked_at l
                JOIN webhook_endpoints e ON e.id = #{id}
                WHERE (e.event_types = '{}' OR l.type = ANY (e.event_types))
                  AND NOT EXISTS ( -- whoever notes an attempt holds its row, and may wait for the endpoint's
                      SELECT FROM webhook_deliveries k
                      WHERE k.endpoint_id = e.id AND k.position = l.position AND k.state IN ('pending', 'delivered'))
                ON CONFLICT (endpoint_id, position) DO UPDATE
                SET state = 'pending', attempts = 0, claim = d.claim + 1, next_attempt_at = now(), settled_at = NULL,
                    last_status = NULL, last_error = NULL, later = true
                WHERE d.state IN ('failed', 'skipped')
                RETURNING d.position
            )
            SELECT (SELECT count(*) FROM queued)::integer AS queued,
                   (SELECT max(position) FROM looked_at HAVING count(*) = #{most}) AS next
            """;

    private WebhookRecoveries() {}

    static Future<Recovered> recover(
            SqlConnection connection, Actor actor, String id, Instant since, @Nullable Long after, int most) {
        Parameters of = Parameters.of("namespace", actor.namespace())
                .and("id", id)
                .and("since", Rows.utc(since))
                .and("most", most);
        return Postgres.on(connection, LOCK, of.map())
                .map(found -> snapshot(Rows.first(found).orElseThrow(WebhookEndpoint::missing)))
                .compose(before -> beginning(connection, of, after)
                        .compose(from -> Postgres.planned(
                                connection, QUEUE, of.and("after", from).map()))
                        .compose(queued -> AuditRows.append(
                                        connection,
                                        actor,
                                        "webhook_endpoint.recovered",
                                        "webhook_endpoint:" + id,
                                        before,
                                        before)
                                .map(toRecovered(queued.iterator().next()))));
    }

    private static String snapshot(Row endpoint) {
        if (!endpoint.getString("state").equals("enabled")) {
            throw new GatewayException(Reason.CONFLICT, "The webhook endpoint is disabled; enable it first");
        }
        return endpoint.getString("snapshot");
    }

    private static Future<Long> beginning(SqlConnection connection, Parameters of, @Nullable Long after) {
        return after != null
                ? Future.succeededFuture(after)
                : Postgres.on(connection, BEGINNING, of.map())
                        .map(rows -> rows.iterator().next().getLong("after"));
    }

    private static Recovered toRecovered(Row row) {
        return new Recovered(row.getInteger("queued"), row.getLong("next"));
    }
}
