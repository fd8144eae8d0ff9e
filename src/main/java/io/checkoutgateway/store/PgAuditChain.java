package io.checkoutgateway.store;

import io.checkoutgateway.audit.AuditEntry;
import io.checkoutgateway.audit.ChainStore;
import io.checkoutgateway.audit.Link;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.StreamSupport;

/** The audit chain in Postgres. */
public final class PgAuditChain implements ChainStore {
    /** Whoever has it links; it is let go with the transaction. The schema, since others may have a chain of their own. */
    private static final String TRY_LOCK =
            """
            SELECT pg_try_advisory_xact_lock(hashtextextended('audit_chain/' || current_schema()::text, 0)) AS locked
            """;

    private static final String HEAD = "SELECT position, hash FROM audit_chain ORDER BY position DESC LIMIT 1";

    private static final String WAITING = "SELECT " + AuditEntryRow.COLUMNS
            + """
             FROM audit_unchained u
            JOIN audit_log l ON l.id = u.entry_id
            ORDER BY u.entry_id
            LIMIT #{most}
            """;

    private static final String ADD =
            """
            WITH linked AS (
                INSERT INTO audit_chain (position, entry_id, hash)
                SELECT position, entry_id, hash
                FROM unnest(#{positions}::bigint[], #{entries}::bigint[], #{hashes}::bytea[])
                    AS link (position, entry_id, hash)
            )
            DELETE FROM audit_unchained WHERE entry_id = ANY (#{entries}::bigint[])
            """;

    private static final String STATE =
            """
            SELECT (SELECT count(*) FROM audit_unchained) AS unchained,
                   coalesce((SELECT extract(epoch FROM now() - min(l.at))
                             FROM audit_unchained u
                             JOIN audit_log l ON l.id = u.entry_id), 0)::float8 AS oldest_seconds
            """;

    private static final String ALTERABLE =
            """
            SELECT has_table_privilege('audit_log', 'UPDATE, DELETE, TRUNCATE')
                OR has_table_privilege('audit_chain', 'UPDATE, DELETE, TRUNCATE') AS alterable
            """;

    private static final String AFTER = "SELECT c.position, c.entry_id, c.hash, " + AuditEntryRow.COLUMNS
            + """
             FROM audit_chain c
            LEFT JOIN audit_log l ON l.id = c.entry_id
            WHERE c.position > #{position}
            ORDER BY c.position
            LIMIT #{most}
            """;

    private static final String LAST_ENTRY = "SELECT coalesce(max(id), 0) AS id FROM audit_log";

    private static final String STRAY =
            """
            SELECT l.id
            FROM audit_log l
            WHERE l.id > #{after} AND l.id <= #{through}
              AND NOT EXISTS (SELECT FROM audit_chain c WHERE c.entry_id = l.id)
              AND NOT EXISTS (SELECT FROM audit_unchained u WHERE u.entry_id = l.id)
            ORDER BY l.id
            LIMIT 1
            """;

    private static final String WAITING_FOR =
            """
            SELECT count(*) AS late
            FROM audit_unchained u
            JOIN audit_log l ON l.id = u.entry_id
            WHERE l.at < now() - make_interval(secs => #{seconds})
            """;

    private final Postgres postgres;

    public PgAuditChain(Postgres postgres) {
        this.postgres = postgres;
    }

    @Override
    public Future<Integer> link(int most) {
        return postgres.inTransaction(connection -> Postgres.on(connection, TRY_LOCK, Map.of())
                .compose(tried -> tried.iterator().next().getBoolean("locked")
                        ? linkLocked(connection, most)
                        : Future.succeededFuture(0)));
    }

    private static Future<Integer> linkLocked(SqlConnection connection, int most) {
        return Postgres.on(connection, WAITING, Map.of("most", most))
                .compose(waiting -> waiting.size() == 0
                        ? Future.succeededFuture(0)
                        : Postgres.on(connection, HEAD, Map.of())
                                .compose(head -> add(connection, toLink(head), waiting)));
    }

    private static Future<Integer> add(SqlConnection connection, Link head, RowSet<Row> waiting) {
        List<Long> positions = new ArrayList<>();
        List<Long> entries = new ArrayList<>();
        List<Buffer> hashes = new ArrayList<>();
        Link last = head;
        for (Row row : waiting) {
            AuditEntry entry = AuditEntryRow.toEntry(row);
            last = last.next(entry);
            positions.add(last.position());
            entries.add(entry.id());
            hashes.add(last.hash());
        }
        return Postgres.on(
                        connection,
                        ADD,
                        Map.of(
                                "positions",
                                positions.toArray(Long[]::new),
                                "entries",
                                entries.toArray(Long[]::new),
                                "hashes",
                                hashes.toArray(Buffer[]::new)))
                .map(added -> entries.size());
    }

    private static Link toLink(RowSet<Row> head) {
        return Rows.first(head)
                .map(row -> new Link(row.getLong("position"), row.getBuffer("hash")))
                .orElse(Link.NONE);
    }

    @Override
    public Future<State> state() {
        return postgres.query(HEAD, Map.of())
                .compose(head -> postgres.query(STATE, Map.of()).map(rows -> {
                    Row row = rows.iterator().next();
                    return new State(toLink(head), row.getLong("unchained"), row.getDouble("oldest_seconds"));
                }));
    }

    @Override
    public Future<Boolean> alterable() {
        return postgres.query(ALTERABLE, Map.of())
                .map(rows -> rows.iterator().next().getBoolean("alterable"));
    }

    @Override
    public Future<List<Linked>> after(long position, int most) {
        return postgres.query(AFTER, Map.of("position", position, "most", most))
                .map(rows -> StreamSupport.stream(rows.spliterator(), false)
                        .map(PgAuditChain::toLinked)
                        .toList());
    }

    private static Linked toLinked(Row row) {
        return new Linked(
                row.getLong("position"),
                row.getBuffer("hash"),
                row.getLong("entry_id"),
                row.getLong("id") == null ? null : AuditEntryRow.toEntry(row));
    }

    @Override
    public Future<Long> lastEntry() {
        return postgres.query(LAST_ENTRY, Map.of())
                .map(rows -> rows.iterator().next().getLong("id"));
    }

    @Override
    public Future<Optional<Long>> stray(long afterId, long throughId) {
        return postgres.query(STRAY, Map.of("after", afterId, "through", throughId))
                .map(rows -> Rows.first(rows).map(row -> row.getLong("id")));
    }

    @Override
    public Future<Long> waitingFor(Duration limit) {
        return postgres.query(WAITING_FOR, Map.of("seconds", (double) limit.toSeconds()))
                .map(rows -> rows.iterator().next().getLong("late"));
    }
}
