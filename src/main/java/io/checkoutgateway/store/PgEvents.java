package io.checkoutgateway.store;

import io.checkoutgateway.events.Delivery;
import io.checkoutgateway.events.EventStore;
import io.checkoutgateway.events.Meaning;
import io.checkoutgateway.events.StripeEvent;
import io.checkoutgateway.failure.Failures;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.LongSupplier;

/** Stripe's events in Postgres. */
public final class PgEvents implements EventStore {
    private static final String ADD =
            """
            INSERT INTO stripe_events (
                app_id, event_id, type, api_version, account, livemode, created, object_id, body, origin, headers)
            SELECT * FROM unnest(
                #{app_ids}::text[], #{event_ids}::text[], #{types}::text[], #{api_versions}::text[],
                #{accounts}::text[], #{livemodes}::boolean[], #{created}::timestamptz[], #{object_ids}::text[],
                #{bodies}::bytea[], #{origins}::text[], #{headers}::jsonb[])
            ON CONFLICT (app_id, event_id) DO NOTHING
            RETURNING app_id, event_id
            """;

    private static final String NEXT = "SELECT " + TakenEvent.COLUMNS
            + """
            FROM stripe_events e
            JOIN apps a ON a.id = e.app_id
            WHERE e.state = 'pending' AND e.next_attempt_at BETWEEN #{from} AND now()
            ORDER BY e.next_attempt_at, e.id
            LIMIT 1
            FOR UPDATE OF e SKIP LOCKED
            """;

    private static final String SETTLE =
            """
            UPDATE stripe_events
            SET state = #{state}, outcome = #{outcome}, attempts = attempts + 1, settled_at = now()
            WHERE id = #{id}
            """;

    /** Waits 2, 4, 8 … seconds, an hour at most. */
    private static final String RETRY =
            """
            UPDATE stripe_events
            SET attempts = attempts + 1,
                outcome = #{outcome},
                state = CASE WHEN attempts + 1 >= #{attempts_max} THEN 'quarantined' ELSE 'pending' END,
                settled_at = CASE WHEN attempts + 1 >= #{attempts_max} THEN now() ELSE settled_at END,
                next_attempt_at = now() + make_interval(secs => least(3600, 2 ^ least(attempts + 1, 12)))
            WHERE id = #{id}
            RETURNING state
            """;

    /**
     * What passes by itself costs no attempt, however long it lasts: somebody's lock, a failover, a full disk. A tenth
     * of the time that the event has waited, so that it is soon applied when that is over; within ten minutes also where
     * it never is, and a statement takes too long for good. The time is now's, since the transaction may have waited.
     */
    private static final String POSTPONE =
            """
            UPDATE stripe_events
            SET outcome = #{outcome},
                next_attempt_at = clock_timestamp() + least(interval '10 minutes', greatest(interval '15 seconds',
                    (clock_timestamp() - coalesce(replayed_at, received_at)) / 10))
            WHERE id = #{id}
            """;

    /**
     * Each part has an index that holds no more than it counts. The first in the line is older than all others that were
     * not tried yet; of those that were, any may be. One that is applied again waits since somebody wished so.
     */
    private static final String BACKLOG =
            """
            SELECT (SELECT count(*) FROM (
                        SELECT FROM stripe_events WHERE state = 'pending' LIMIT #{most}) pending) AS pending,
                   (SELECT count(*) FROM (
                        SELECT FROM stripe_events WHERE state = 'quarantined' LIMIT #{most}) aside) AS quarantined,
                   coalesce(greatest(0, extract(epoch FROM now() - least(
                       (SELECT coalesce(replayed_at, received_at)
                        FROM stripe_events
                        WHERE state = 'pending'
                        ORDER BY next_attempt_at, id
                        LIMIT 1),
                       (SELECT coalesce(replayed_at, received_at)
                        FROM stripe_events
                        WHERE state = 'pending' AND outcome IS NOT NULL
                        ORDER BY coalesce(replayed_at, received_at)
                        LIMIT 1))))::float8, 0) AS oldest_seconds
            """;

    /** Whoever reads the figures needs to know that it is far too many, and a crowd leaves a million. */
    private static final int COUNTED_MAX = 10_000;

    /** Each one that was waited for has ended, and so few others can have news of the same session. */
    private static final int TURNS_MAX = 100;

    /** Long enough for a cause, short enough for a list. */
    private static final int OUTCOME_MAX = 500;

    private final Postgres postgres;
    private final GroupCommit<Arrival, Boolean> arrivals =
            new GroupCommit<>(this::addAll, Arrival::bytes, Postgres::isOfTheData);
    private final Crowd crowd;
    private final Front<OffsetDateTime> due;
    private final OldEvents old;

    public PgEvents(Postgres postgres) {
        this(postgres, System::nanoTime);
    }

    /** @param nanos a clock as {@link System#nanoTime} */
    PgEvents(Postgres postgres, LongSupplier nanos) {
        this.postgres = postgres;
        this.crowd = new Crowd(nanos);
        this.due = Front.ofTimes(nanos);
        this.old = new OldEvents(postgres, nanos);
    }

    /** Waits for others on the way, so that one insert stores them all: see {@link GroupCommit}. */
    @Override
    public Future<Boolean> add(String appId, StripeEvent event, Delivery delivery) {
        crowd.add();
        Arrival arrival = new Arrival(appId, event, EventBodies.packed(event.body()), delivery);
        return arrivals.add(arrival).recover(Postgres::explained);
    }

    @Override
    public boolean isBusy() {
        return crowd.isThere();
    }

    /** An event about to be stored, packed while the batch before it is under way. */
    private record Arrival(String appId, StripeEvent event, Buffer body, Delivery delivery) {
        String key() {
            return appId + '/' + event.id();
        }

        int bytes() {
            return event.body().length();
        }
    }

    private Future<List<Boolean>> addAll(List<Arrival> arrivals) {
        // In one order everywhere: two replicas that store the same events must not wait for each other crosswise.
        List<Arrival> ordered =
                arrivals.stream().sorted(Comparator.comparing(Arrival::key)).toList();
        return postgres.query(ADD, parametersOf(ordered)).map(rows -> {
            Set<String> added = new HashSet<>();
            rows.forEach(row -> added.add(row.getString("app_id") + '/' + row.getString("event_id")));
            return arrivals.stream().map(arrival -> added.remove(arrival.key())).toList();
        });
    }

    private static Map<String, Object> parametersOf(List<Arrival> arrivals) {
        List<StripeEvent> events = arrivals.stream().map(Arrival::event).toList();
        return Parameters.of("app_ids", arrivals.stream().map(Arrival::appId).toArray(String[]::new))
                .and("event_ids", events.stream().map(StripeEvent::id).toArray(String[]::new))
                .and("types", events.stream().map(StripeEvent::type).toArray(String[]::new))
                .and(
                        "api_versions",
                        events.stream().map(StripeEvent::apiVersion).toArray(String[]::new))
                .and("accounts", events.stream().map(StripeEvent::account).toArray(String[]::new))
                .and("livemodes", events.stream().map(StripeEvent::livemode).toArray(Boolean[]::new))
                .and(
                        "created",
                        events.stream().map(event -> Rows.utc(event.created())).toArray(OffsetDateTime[]::new))
                .and("object_ids", events.stream().map(StripeEvent::objectId).toArray(String[]::new))
                .and("bodies", arrivals.stream().map(Arrival::body).toArray(Buffer[]::new))
                .and(
                        "origins",
                        arrivals.stream()
                                .map(arrival -> arrival.delivery().origin().word())
                                .toArray(String[]::new))
                .and(
                        "headers",
                        arrivals.stream()
                                .map(arrival -> Rows.json(arrival.delivery().headers()))
                                .toArray(JsonObject[]::new))
                .map();
    }

    /**
     * The event's row stays locked until its outcome is written, also that of a failure: nobody else tries it too. The
     * event is on the disk; should its outcome be lost, it is pending again.
     */
    @Override
    public Future<Optional<Settled>> settleNext(Function<StripeEvent, Meaning> meaningOf, int attemptsMax) {
        return settleNext(meaningOf, attemptsMax, TURNS_MAX);
    }

    private Future<Optional<Settled>> settleNext(
            Function<StripeEvent, Meaning> meaningOf, int attemptsMax, int turnsLeft) {
        return settleOne(meaningOf, attemptsMax)
                .recover(failure -> failure instanceof OutOfTurn other && turnsLeft > 0
                        ? other.turn()
                                .await(postgres)
                                .compose(over -> settleNext(meaningOf, attemptsMax, turnsLeft - 1))
                        : Future.failedFuture(failure));
    }

    private Future<Optional<Settled>> settleOne(Function<StripeEvent, Meaning> meaningOf, int attemptsMax) {
        return postgres.inTransactionWithSavepoints(connection -> {
            Future<RowSet<Row>> next = Postgres.on(connection, NEXT, Map.of("from", due.lookFrom()));
            Future<Void> savepoint = Postgres.statement(connection, "SAVEPOINT taken");
            return Future.all(next, savepoint).compose(both -> Rows.first(next.result())
                    .map(this::taken)
                    .map(event ->
                            settle(connection, event, meaningOf, attemptsMax).map(Optional::of))
                    .orElseGet(() -> Future.succeededFuture(Optional.empty())));
        });
    }

    private TakenEvent taken(Row row) {
        due.found(row.getOffsetDateTime("next_attempt_at"));
        return TakenEvent.of(row);
    }

    /**
     * The outcome is written outside the savepoint, by the transaction that took the row: were it written inside, the
     * row would end with a multixact of the two. Postgres drops the index entries of such a row at a vacuum and not
     * before, and every look for the next event would walk over all that were settled since.
     */
    private static Future<Settled> settle(
            SqlConnection connection, TakenEvent taken, Function<StripeEvent, Meaning> meaningOf, int attemptsMax) {
        return Future.succeededFuture(taken)
                .compose(event -> EventEffects.apply(connection, event, meaning(event, meaningOf)))
                .transform(effect -> effect.succeeded()
                        ? settled(connection, taken, effect.result())
                        : failed(connection, taken, effect.cause(), attemptsMax));
    }

    /**
     * Who is out of turn gives back every row before it waits, and not only the event's: an event that somebody else
     * settled while {@link #NEXT} was about to take it stays locked too, though it is not taken. (PostgreSQL, "Read
     * Committed Isolation Level".)
     */
    private static Future<Settled> failed(
            SqlConnection connection, TakenEvent taken, Throwable failure, int attemptsMax) {
        return failure instanceof OutOfTurn
                ? Future.failedFuture(failure)
                : Postgres.statement(connection, "ROLLBACK TO taken; RELEASE taken")
                        .compose(undone -> Postgres.passes(failure)
                                ? postpone(connection, taken, failure)
                                : retryLater(connection, taken, failure, attemptsMax));
    }

    private static Meaning meaning(TakenEvent event, Function<StripeEvent, Meaning> meaningOf) {
        return event.ofItsAppsMode()
                ? meaningOf.apply(event.event())
                : new Meaning.Ignored("it is of the other mode, test or live, than its app");
    }

    private static Future<Settled> settled(SqlConnection connection, TakenEvent taken, EventEffects.Effect effect) {
        Map<String, Object> parameters =
                Map.of("id", taken.row(), "state", wordOf(effect.outcome()), "outcome", shortened(effect.detail()));
        Future<Void> released = Postgres.statement(connection, "RELEASE taken");
        Future<RowSet<Row>> written = Postgres.on(connection, SETTLE, parameters);
        return Future.all(released, written)
                .map(done -> taken.settled(effect.outcome(), effect.detail(), effect.deferred()));
    }

    private static String wordOf(Outcome outcome) {
        return outcome.name().toLowerCase(Locale.ROOT);
    }

    private static Future<Settled> retryLater(
            SqlConnection connection, TakenEvent taken, Throwable failure, int attemptsMax) {
        String reason = reasonOf(failure);
        return Postgres.on(connection, RETRY, Map.of("id", taken.row(), "outcome", reason, "attempts_max", attemptsMax))
                .map(rows -> taken.settled(
                        rows.iterator().next().getString("state").equals("quarantined")
                                ? Outcome.QUARANTINED
                                : Outcome.RETRIED,
                        reason,
                        false));
    }

    private static Future<Settled> postpone(SqlConnection connection, TakenEvent taken, Throwable failure) {
        String reason = reasonOf(failure);
        return Postgres.on(connection, POSTPONE, Map.of("id", taken.row(), "outcome", reason))
                .map(rows -> taken.settled(Outcome.RETRIED, reason, false));
    }

    private static String reasonOf(Throwable failure) {
        return shortened(Failures.sentence(failure));
    }

    @Override
    public Future<Boolean> forget(Duration retention) {
        return old.forget(retention);
    }

    @Override
    public Future<Backlog> backlog() {
        return postgres.query(BACKLOG, Map.of("most", COUNTED_MAX)).map(rows -> {
            Row row = rows.iterator().next();
            return new Backlog(row.getLong("pending"), row.getLong("quarantined"), row.getDouble("oldest_seconds"));
        });
    }

    private static String shortened(String text) {
        return text.length() <= OUTCOME_MAX ? text : text.substring(0, OUTCOME_MAX);
    }
}
