package io.checkoutgateway.store;

import io.checkoutgateway.audit.AuditLog;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;

/** The audit log in Postgres, for people. */
public final class PgAuditLog implements AuditLog {
    private static final String SELECT = "SELECT " + AuditEntryRow.COLUMNS
            + """
            , c.position
            FROM audit_log l
            LEFT JOIN audit_chain c ON c.entry_id = l.id
            WHERE l.namespace = #{namespace}
              AND (#{before}::bigint = 0 OR l.id < #{before}::bigint)
              AND (#{action}::text IS NULL OR l.action = #{action})
              AND (#{from}::timestamptz IS NULL OR l.at >= #{from})
              AND (#{to}::timestamptz IS NULL OR l.at < #{to})
            """;

    /** From one to the next by the index, however many entries each has. (Postgres wiki, "Loose indexscan".) */
    private static final String ACTORS =
            """
            WITH RECURSIVE actors AS (
                (SELECT actor FROM audit_log WHERE namespace = #{namespace} ORDER BY actor LIMIT 1)
                UNION ALL
                SELECT (SELECT actor FROM audit_log
                        WHERE namespace = #{namespace} AND actor > a.actor ORDER BY actor LIMIT 1)
                FROM actors a WHERE a.actor IS NOT NULL
            )
            SELECT actor FROM actors WHERE actor IS NOT NULL
            """;

    private static final String NEWEST_FIRST = " ORDER BY l.id DESC LIMIT #{most}";

    private final Postgres postgres;

    public PgAuditLog(Postgres postgres) {
        this.postgres = postgres;
    }

    @Override
    public Future<List<Listed>> list(String namespace, Query query) {
        return postgres.query(
                        select(query),
                        Parameters.of("namespace", namespace)
                                .and("actor", query.actor())
                                .and("action", query.action())
                                .and("resource", query.resource())
                                .and("from", Rows.utc(query.from()))
                                .and("to", Rows.utc(query.to()))
                                .and("before", query.before())
                                .and("most", query.most())
                                .map())
                .map(rows -> StreamSupport.stream(rows.spliterator(), false)
                        .map(PgAuditLog::toListed)
                        .toList());
    }

    /** Everybody who is in the namespace's trail. */
    public Future<List<String>> actors(String namespace) {
        return postgres.query(ACTORS, Map.of("namespace", namespace))
                .map(rows -> StreamSupport.stream(rows.spliterator(), false)
                        .map(row -> row.getString("actor"))
                        .toList());
    }

    /** A statement of its own for each of the conditions that have an index, so that it is used. */
    private static String select(Query query) {
        String ofActor = query.actor() == null ? "" : " AND l.actor = #{actor}";
        String ofResource = query.resource() == null ? "" : " AND l.resource = #{resource}";
        return SELECT + ofActor + ofResource + NEWEST_FIRST;
    }

    private static Listed toListed(Row row) {
        return new Listed(AuditEntryRow.toEntry(row), row.getLong("position"));
    }
}
