package io.checkoutgateway.store;

import io.checkoutgateway.feed.FeedEntry;
import io.checkoutgateway.feed.FeedStore;
import io.checkoutgateway.feed.Scope;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The feed in Postgres. */
public final class PgFeed implements FeedStore {
    /** How many entries are forgotten at once: few enough that their locks are gone in a moment. */
    private static final int FORGOTTEN_MAX = 1_000;

    private static final String SPAN =
            """
            SELECT coalesce(min(position), 0) AS oldest, coalesce(max(position), 0) AS newest FROM feed
            """;

    private static final String AFTER = "SELECT " + FeedRow.COLUMNS
            + """
            FROM feed
            WHERE position > #{position}
            ORDER BY position
            LIMIT #{most}
            """;

    private static final String AFTER_IN_NAMESPACE = "SELECT " + FeedRow.COLUMNS
            + """
            FROM feed
            WHERE namespace = #{namespace} AND position > #{position}
            ORDER BY position
            LIMIT #{most}
            """;

    private static final String AFTER_OF_SESSION = "SELECT " + FeedRow.COLUMNS
            + """
            FROM feed
            WHERE session_id = #{session_id} AND position > #{position} AND namespace = #{namespace}
            ORDER BY position
            LIMIT #{most}
            """;

    private static final String NEWEST_OF_SESSION = "SELECT " + FeedRow.COLUMNS
            + """
            FROM feed
            WHERE session_id = #{session_id} AND namespace = #{namespace}
            ORDER BY position DESC
            LIMIT 1
            """;

    /** As its last change left it; that change may be forgotten. */
    private static final String SNAPSHOT =
            """
            SELECT 0::bigint AS position, s.namespace, s.id AS session_id, s.version AS sequence, #{type}::text AS type,
                   s.mode, s.status, s.payment_status, s.setup_intent_status, s.customer_id,
            """
                    + FeedRow.DATA
                    + """
                   ::text AS data
            FROM checkout_sessions s
            CROSS JOIN LATERAL (SELECT s.version AS sequence, s.payment_status, s.setup_intent_status) o
            LEFT JOIN checkout_session_transitions t ON t.session_id = s.id AND t.sequence = s.version
            WHERE s.namespace = #{namespace} AND s.id = #{session_id}
            """;

    /**
     * Looks at the oldest only, which age in the order of their positions. The newest stays, so that the table itself
     * tells where the feed ends.
     */
    private static final String FORGET =
            """
            DELETE FROM feed
            WHERE position IN (
                SELECT position
                FROM (SELECT position, created_at FROM feed ORDER BY position LIMIT #{most}) oldest
                WHERE created_at < now() - make_interval(secs => #{retention_seconds})
                  AND position < (SELECT max(position) FROM feed))
            """;

    private final Postgres postgres;

    public PgFeed(Postgres postgres) {
        this.postgres = postgres;
    }

    @Override
    public Future<Span> span() {
        return postgres.query(SPAN, Map.of()).map(rows -> {
            Row row = rows.iterator().next();
            return new Span(row.getLong("oldest"), row.getLong("newest"));
        });
    }

    @Override
    public Future<List<FeedEntry>> after(long position, int most) {
        return postgres.query(AFTER, Map.of("position", position, "most", most)).map(FeedRow::toEntries);
    }

    @Override
    public Future<List<FeedEntry>> after(Scope scope, long position, int most) {
        String sql = scope.sessionId() == null ? AFTER_IN_NAMESPACE : AFTER_OF_SESSION;
        return postgres.query(
                        sql,
                        Parameters.of("namespace", scope.namespace())
                                .and("session_id", scope.sessionId())
                                .and("position", position)
                                .and("most", most)
                                .map())
                .map(FeedRow::toEntries);
    }

    @Override
    public Future<Optional<FeedEntry>> newestOf(String namespace, String sessionId) {
        return postgres.query(NEWEST_OF_SESSION, Map.of("namespace", namespace, "session_id", sessionId))
                .map(rows -> Rows.first(rows).map(FeedRow::toEntry));
    }

    @Override
    public Future<Optional<FeedEntry>> snapshot(String namespace, String sessionId) {
        return postgres.query(
                        SNAPSHOT, Map.of("namespace", namespace, "session_id", sessionId, "type", FeedEntry.SNAPSHOT))
                .map(rows -> Rows.first(rows).map(FeedRow::toEntry));
    }

    @Override
    public Future<Boolean> forget(Duration retention) {
        return postgres.query(FORGET, Map.of("most", FORGOTTEN_MAX, "retention_seconds", Rows.seconds(retention)))
                .map(rows -> rows.rowCount() == FORGOTTEN_MAX);
    }
}
