package io.checkoutgateway.store;

import io.checkoutgateway.audit.Actor;
import io.checkoutgateway.events.Delivery;
import io.checkoutgateway.events.EventLog;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.StreamSupport;

/** The inbox, for people. */
public final class PgEventLog implements EventLog {
    private static final String COLUMNS =
            """
            e.id, e.app_id, e.event_id, e.type, e.api_version, e.account, e.livemode, e.created, e.object_id,
            e.body, e.received_at, e.origin, e.headers, e.state, e.attempts, e.next_attempt_at, e.settled_at, e.outcome
            """;

    private static final String LIST = "SELECT " + COLUMNS
            + """
            FROM stripe_events e
            JOIN apps a ON a.id = e.app_id
            WHERE a.namespace = #{namespace}
              AND e.id > #{after}
              AND (#{state}::text IS NULL OR e.state = #{state})
              AND (#{type}::text IS NULL OR e.type = #{type})
              AND (#{event_id}::text IS NULL OR e.event_id = #{event_id})
            ORDER BY e.id
            LIMIT #{most}
            """;

    private static final String FIND = "SELECT " + COLUMNS
            + """
            FROM stripe_events e
            JOIN apps a ON a.id = e.app_id
            WHERE a.namespace = #{namespace} AND e.event_id = #{event_id}
            """;

    private static final String LOCK =
            """
            SELECT to_jsonb(e)::text AS snapshot
            FROM stripe_events e
            JOIN apps a ON a.id = e.app_id
            WHERE a.namespace = #{namespace} AND e.event_id = #{event_id}
            FOR UPDATE OF e
            """;

    private static final String REPLAY =
            """
            UPDATE stripe_events e
            SET state = 'pending', attempts = 0, next_attempt_at = now()
            FROM apps a
            WHERE a.id = e.app_id AND a.namespace = #{namespace} AND e.event_id = #{event_id}
            RETURNING
            """
                    + COLUMNS + ", to_jsonb(e)::text AS snapshot";

    private final Postgres postgres;

    public PgEventLog(Postgres postgres) {
        this.postgres = postgres;
    }

    @Override
    public Future<List<Entry>> list(String namespace, Query query) {
        return postgres.query(
                        LIST,
                        Parameters.of("namespace", namespace)
                                .and("state", query.state())
                                .and("type", query.type())
                                .and("event_id", query.eventId())
                                .and("after", query.after())
                                .and("most", query.most())
                                .map())
                .map(rows -> StreamSupport.stream(rows.spliterator(), false)
                        .map(PgEventLog::toEntry)
                        .toList());
    }

    @Override
    public Future<Optional<Entry>> find(String namespace, String eventId) {
        return one(FIND, namespace, eventId);
    }

    @Override
    public Future<Optional<Entry>> replay(Actor actor, String eventId) {
        Map<String, Object> wanted = Map.of("namespace", actor.namespace(), "event_id", eventId);
        return postgres.inTransaction(connection -> AuditRows.around(
                        connection, actor, "event.replayed", "event:" + eventId, LOCK, REPLAY, wanted)
                .map(replayed -> replayed.map(PgEventLog::toEntry)));
    }

    private Future<Optional<Entry>> one(String sql, String namespace, String eventId) {
        return postgres.query(sql, Map.of("namespace", namespace, "event_id", eventId))
                .map(rows -> Rows.first(rows).map(PgEventLog::toEntry));
    }

    private static Entry toEntry(Row row) {
        return new Entry(
                row.getLong("id"),
                row.getString("app_id"),
                TakenEvent.eventOf(row),
                new Delivery(
                        Delivery.Origin.valueOf(row.getString("origin").toUpperCase(Locale.ROOT)),
                        Rows.strings(row.getJsonObject("headers"))),
                Rows.instantOf(row, "received_at"),
                row.getString("state"),
                row.getInteger("attempts"),
                Rows.instantOf(row, "next_attempt_at"),
                Rows.instant(row, "settled_at"),
                row.getString("outcome"));
    }
}
