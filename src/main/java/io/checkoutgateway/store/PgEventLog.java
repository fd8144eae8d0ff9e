package io.checkoutgateway.store;

import io.checkoutgateway.audit.Actor;
import io.checkoutgateway.events.Delivery;
import io.checkoutgateway.events.EventLog;
import io.checkoutgateway.listing.Repeated;
import io.checkoutgateway.listing.Stretch;
import io.checkoutgateway.store.EventSelect.Subject;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** The inbox, for people. */
public final class PgEventLog implements EventLog {
    private static final String FIND = "SELECT " + EventSelect.COLUMNS
            + """
            , e.headers, e.body
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
                    + EventSelect.COLUMNS + ", e.headers, e.body, to_jsonb(e)::text AS snapshot";

    /** Who waits for a locked row here and holds others could wait for someone who waits for those. */
    private static final String REPLAY_ALL =
            """
            WITH wanted AS MATERIALIZED (%s FOR UPDATE OF e SKIP LOCKED),
            replayed AS (
                UPDATE stripe_events e
                SET state = 'pending', attempts = 0, next_attempt_at = now()
                FROM wanted
                WHERE e.id = wanted.id
                RETURNING e.id
            )
            SELECT count(*) AS count, max(id) AS last, jsonb_agg(id ORDER BY id)::text AS snapshot FROM replayed
            """;

    private static final String COUNT = "SELECT count(*) AS count, max(id) AS last FROM (%s) counted";

    private static final String SESSION =
            """
            SELECT id, stripe_session_id, setup_intent_id, payment_intent_id, stripe_created_at
            FROM checkout_sessions
            WHERE namespace = #{namespace} AND %s = #{id}
            """;

    private static final String SESSION_PREFIX = "cs_";

    private final Postgres postgres;
    private final EventPlaces places;

    public PgEventLog(Postgres postgres) {
        this.postgres = postgres;
        this.places = new EventPlaces(postgres);
    }

    @Override
    public Future<Stretch<Entry>> list(String namespace, Filter filter, Part part) {
        return select(namespace, filter).compose(found -> found.map(
                        select -> stretch(select, filter, part).compose(stretch -> page(select, stretch, part.most())))
                .orElseGet(() -> Future.succeededFuture(Stretch.none())));
    }

    /** Empty when the filter names a session that is not here. */
    private Future<Optional<EventSelect>> select(String namespace, Filter filter) {
        String object = filter.objectId();
        if (filter.session() != null) {
            return session(namespace, filter.session())
                    .map(found -> found.map(row -> EventSelect.of(namespace, filter, subjectOf(row))));
        }
        if (object == null) {
            return Future.succeededFuture(Optional.of(EventSelect.of(namespace, filter, null)));
        }
        return (object.startsWith(SESSION_PREFIX)
                        ? session(namespace, object)
                        : Future.succeededFuture(Optional.<Row>empty()))
                .map(known -> new Subject(
                        List.of(object), null, known.map(PgEventLog::madeAt).orElse(null)))
                .map(subject -> Optional.of(EventSelect.of(namespace, filter, subject)));
    }

    private Future<Optional<Row>> session(String namespace, String id) {
        String column = id.startsWith(SESSION_PREFIX) ? "stripe_session_id" : "id";
        return postgres.query(SESSION.formatted(column), Map.of("namespace", namespace, "id", id))
                .map(Rows::first);
    }

    private static Subject subjectOf(Row row) {
        List<String> ids = Stream.of("stripe_session_id", "setup_intent_id", "payment_intent_id")
                .map(row::getString)
                .filter(Objects::nonNull)
                .toList();
        return new Subject(ids, row.getString("id"), madeAt(row));
    }

    private static @Nullable Instant madeAt(Row row) {
        return Rows.instant(row, "stripe_created_at");
    }

    private Future<IdStretch> stretch(EventSelect select, Filter filter, Part part) {
        IdStretch whole = IdStretch.whole(part.after(), part.newestFirst());
        return select.isLookup()
                ? Future.succeededFuture(whole)
                : places.within(whole, select.from(), filter.to(), part)
                        .compose(within -> within.bounded(postgres, EventSelect.TABLE, select.walked()));
    }

    /** One more than is wanted tells whether there are more. */
    private Future<Stretch<Entry>> page(EventSelect select, IdStretch stretch, int most) {
        return postgres.query(select.page(stretch, most + 1), select.parameters(stretch))
                .map(rows -> StreamSupport.stream(rows.spliterator(), false)
                        .map(PgEventLog::toEntry)
                        .toList())
                .map(found -> found.size() > most
                        ? new Stretch<>(
                                found.subList(0, most), found.get(most - 1).row())
                        : new Stretch<>(found, stretch.next()));
    }

    @Override
    public Future<Optional<Detail>> find(String namespace, String eventId) {
        return postgres.query(FIND, Map.of("namespace", namespace, "event_id", eventId))
                .map(rows -> Rows.first(rows).map(PgEventLog::toDetail));
    }

    @Override
    public Future<Optional<Detail>> replay(Actor actor, String eventId) {
        Map<String, Object> wanted = Map.of("namespace", actor.namespace(), "event_id", eventId);
        return postgres.inTransaction(connection -> AuditRows.around(
                        connection, actor, "event.replayed", "event:" + eventId, LOCK, REPLAY, wanted)
                .map(replayed -> replayed.map(PgEventLog::toDetail)));
    }

    @Override
    public Future<Repeated> replayAll(Actor actor, Filter filter, long after, boolean dryRun) {
        Part part = new Part(false, after, REPLAYED_MAX);
        return select(actor.namespace(), filter).compose(found -> found.map(select -> stretch(select, filter, part)
                        .compose(stretch ->
                                dryRun ? count(select, stretch) : replayAll(actor, filter, after, select, stretch)))
                .orElseGet(() -> Future.succeededFuture(new Repeated(0, null))));
    }

    private Future<Repeated> count(EventSelect select, IdStretch stretch) {
        return postgres.query(COUNT.formatted(select.ids(stretch, REPLAYED_MAX)), select.parameters(stretch))
                .map(rows -> Repetitions.of(rows, REPLAYED_MAX, stretch));
    }

    private Future<Repeated> replayAll(Actor actor, Filter filter, long after, EventSelect select, IdStretch stretch) {
        String sql = REPLAY_ALL.formatted(select.ids(stretch, REPLAYED_MAX));
        return postgres.inTransaction(connection -> Postgres.on(connection, sql, select.parameters(stretch))
                .compose(rows -> Repetitions.note(connection, actor, "events.replayed", nameOf(filter, after), rows)
                        .map(noted -> Repetitions.of(rows, REPLAYED_MAX, stretch))));
    }

    private static String nameOf(Filter filter, long after) {
        return Repetitions.name("events")
                .and("state", filter.state())
                .and("type", filter.type())
                .and("app_id", filter.appId())
                .and("session_id", filter.session())
                .and("from", filter.from())
                .and("to", filter.to())
                .and("after", after == 0 ? null : after)
                .text();
    }

    private static Entry toEntry(Row row) {
        return new Entry(
                row.getLong("id"),
                row.getString("app_id"),
                row.getString("event_id"),
                row.getString("type"),
                row.getString("api_version"),
                row.getString("account"),
                row.getBoolean("livemode"),
                Rows.instantOf(row, "created"),
                row.getString("object_id"),
                Rows.instantOf(row, "received_at"),
                Delivery.Origin.valueOf(row.getString("origin").toUpperCase(Locale.ROOT)),
                row.getString("state"),
                row.getInteger("attempts"),
                Rows.instantOf(row, "next_attempt_at"),
                Rows.instant(row, "settled_at"),
                row.getString("outcome"));
    }

    private static Detail toDetail(Row row) {
        return new Detail(
                toEntry(row), Rows.strings(row.getJsonObject("headers")), EventBodies.unpacked(row.getBuffer("body")));
    }
}
