package io.checkoutgateway.store;

import io.checkoutgateway.audit.Actor;
import io.checkoutgateway.events.Delivery;
import io.checkoutgateway.events.EventLog;
import io.checkoutgateway.failure.GatewayException;
import io.checkoutgateway.failure.Reason;
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
    /**
     * An id is unique among an app's events, and an account may have had several apps, or be told of to its own app and
     * to its platform's.
     */
    private static final String PLACE =
            """
            SELECT e.id
            FROM stripe_events e
            JOIN apps a ON a.id = e.app_id
            WHERE a.namespace = #{namespace} AND e.event_id = #{event_id}
              AND (#{app_id}::text IS NULL OR a.id = #{app_id})
            ORDER BY (a.deleted_at IS NULL) DESC, e.id DESC
            LIMIT 1
            """;

    private static final String WHOLE = EventSelect.COLUMNS + ", e.headers, e.body";

    private static final String FIND = "SELECT " + WHOLE + " FROM stripe_events e WHERE e.id = #{id}";

    private static final String LOCK =
            "SELECT to_jsonb(e)::text AS snapshot FROM stripe_events e WHERE e.id = #{id} FOR UPDATE";

    private static final String REPLAY =
            """
            UPDATE stripe_events e
            SET state = 'pending', attempts = 0, next_attempt_at = now(), replayed_at = now()
            WHERE e.id = #{id}
            RETURNING
            """
                    + WHOLE + ", to_jsonb(e)::text AS snapshot";

    /** The outcome says who, and goes on with why it was quarantined, as much of it as it may hold. */
    private static final String DROP =
            """
            UPDATE stripe_events e
            SET state = 'ignored', settled_at = now(),
                outcome = left(concat('dropped by ', left(#{actor}, 200), ', was quarantined: ', outcome), 500)
            WHERE e.id = #{id} AND e.state = 'quarantined'
            RETURNING
            """
                    + WHOLE + ", to_jsonb(e)::text AS snapshot";

    /** Who waits for a locked row here and holds others could wait for someone who waits for those. */
    private static final String REPLAY_ALL =
            """
            WITH wanted AS MATERIALIZED (%s FOR UPDATE OF e SKIP LOCKED),
            replayed AS (
                UPDATE stripe_events e
                SET state = 'pending', attempts = 0, next_attempt_at = now(), replayed_at = now()
                FROM wanted
                WHERE e.id = wanted.id
                RETURNING e.id
            )
            SELECT count(*) AS count, max(id) AS last, jsonb_agg(id ORDER BY id)::text AS snapshot FROM replayed
            """;

    private static final String COUNT = "SELECT count(*) AS count, max(id) AS last FROM (%s) counted";

    private static final String SESSION =
            """
            SELECT id, stripe_session_id, setup_intent_id, payment_intent_id, subscription_id, stripe_created_at
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
        List<String> ids = Stream.of("stripe_session_id", "setup_intent_id", "payment_intent_id", "subscription_id")
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

    private Future<Optional<Long>> place(String namespace, Which which) {
        Map<String, Object> wanted = Parameters.of("namespace", namespace)
                .and("event_id", which.eventId())
                .and("app_id", which.appId())
                .map();
        return postgres.query(PLACE, wanted).map(rows -> Rows.first(rows).map(row -> row.getLong("id")));
    }

    @Override
    public Future<Optional<Detail>> find(String namespace, Which which) {
        return place(namespace, which).compose(found -> found.map(id -> postgres.query(FIND, Map.of("id", id))
                        .map(rows -> Rows.first(rows).map(PgEventLog::toDetail)))
                .orElseGet(() -> Future.succeededFuture(Optional.empty())));
    }

    @Override
    public Future<Optional<Detail>> replay(Actor actor, Which which) {
        return change(actor, which, "event.replayed", REPLAY);
    }

    @Override
    public Future<Optional<Detail>> drop(Actor actor, Which which) {
        return change(actor, which, "event.dropped", DROP)
                .compose(dropped -> dropped.isPresent()
                        ? Future.succeededFuture(dropped)
                        : find(actor.namespace(), which).map(PgEventLog::refused));
    }

    private static Optional<Detail> refused(Optional<Detail> found) {
        found.ifPresent(event -> {
            throw new GatewayException(
                    Reason.CONFLICT,
                    "Only a quarantined event can be dropped; this one is "
                            + event.entry().state());
        });
        return found;
    }

    private Future<Optional<Detail>> change(Actor actor, Which which, String action, String change) {
        return place(actor.namespace(), which)
                .compose(found -> found.map(id -> postgres.inTransaction(connection -> AuditRows.around(
                                        connection,
                                        actor,
                                        action,
                                        "event:" + which.eventId(),
                                        LOCK,
                                        change,
                                        Map.of("id", id, "actor", actor.name()))
                                .map(changed -> changed.map(PgEventLog::toDetail))))
                        .orElseGet(() -> Future.succeededFuture(Optional.empty())));
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
                .and("object_id", filter.objectId())
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
