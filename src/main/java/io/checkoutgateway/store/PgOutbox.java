package io.checkoutgateway.store;

import io.checkoutgateway.feed.OutboxStore;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import java.time.Duration;
import java.util.Map;

/** The way from the outbox to the feed, in Postgres. */
public final class PgOutbox implements OutboxStore {
    private static final String WAITING =
            """
            SELECT count(*)::integer AS waiting, min(id) AS first FROM (
                SELECT id FROM outbox WHERE id >= #{from} ORDER BY id LIMIT #{most}) first
            """;

    /**
     * One relay at a time, so that positions are given in the order of the commits. The first number is the word "feed";
     * the second is the table's own, since other schemas of the database may hold feeds of theirs.
     */
    private static final String TAKE_TURN =
            """
            SELECT pg_try_advisory_xact_lock(1717921124, 'feed'::regclass::oid::integer) AS taken
            """;

    /** The ids are gathered first: whatever the planner believes of a table that is mostly empty, it goes by the key. */
    private static final String MOVE =
            """
            WITH o AS (
                DELETE FROM outbox
                WHERE id = ANY (ARRAY(SELECT id FROM outbox WHERE id >= #{from} ORDER BY id LIMIT #{most}))
                RETURNING id, session_id, sequence, payment_status, setup_intent_status, created_at
            ), published AS (
                INSERT INTO feed (namespace, session_id, sequence, type, data)
                SELECT s.namespace, s.id, o.sequence,
            """
                    + FeedRow.TYPE + ", " + FeedRow.DATA
                    + """
                FROM o
                JOIN checkout_sessions s ON s.id = o.session_id
                JOIN checkout_session_transitions t ON t.session_id = o.session_id AND t.sequence = o.sequence
                ORDER BY o.id
                RETURNING position
            )
            SELECT (SELECT count(*) FROM published)::integer AS published,
                   extract(epoch FROM clock_timestamp() - min(created_at))::float8 AS oldest_seconds,
                   pg_notify('checkout_feed', '')
            FROM o
            HAVING count(*) > 0
            """;

    /**
     * Longer than a transaction may wait for a lock by the presets: while it does, what its session is told of next waits
     * for it, and must not be published before it when it has come to light behind the front.
     */
    private static final Duration DISTANCE = Duration.ofSeconds(15);

    private static final Published NOTHING = new Published(0, Duration.ZERO);

    private final Postgres postgres;
    private final Front<Long> front = new Front<>(0L, DISTANCE, System::nanoTime);

    public PgOutbox(Postgres postgres) {
        this.postgres = postgres;
    }

    @Override
    public Future<Integer> waiting(int most) {
        return postgres.query(WAITING, Map.of("from", front.lookFrom(), "most", most))
                .map(rows -> counted(rows.iterator().next()));
    }

    private int counted(Row row) {
        int waiting = row.getInteger("waiting");
        if (waiting > 0) {
            front.found(row.getLong("first"));
        }
        return waiting;
    }

    /** The announcement is made here, once for a batch: in the transactions of requests it would let them queue. */
    @Override
    public Future<Published> publish(int most) {
        return postgres.inTransaction(connection -> Postgres.on(connection, TAKE_TURN, Map.of())
                .compose(turn -> turn.iterator().next().getBoolean("taken")
                        ? move(connection, most)
                        : Future.succeededFuture(NOTHING)));
    }

    /** Planned anew: a plan from when there were few transitions would read all of them, until they are analyzed. */
    private Future<Published> move(SqlConnection connection, int most) {
        return Postgres.planned(connection, MOVE, Map.of("from", front.get(), "most", most))
                .map(PgOutbox::toPublished);
    }

    private static Published toPublished(RowSet<Row> rows) {
        return Rows.first(rows)
                .map(row -> new Published(
                        row.getInteger("published"),
                        Duration.ofMillis(Math.round(row.getDouble("oldest_seconds") * 1_000))))
                .orElse(NOTHING);
    }
}
