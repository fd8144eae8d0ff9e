package io.checkoutgateway.store;

import com.github.f4b6a3.ulid.UlidCreator;
import io.checkoutgateway.checkout.CheckoutStatus;
import io.checkoutgateway.checkout.Observation;
import io.checkoutgateway.checkout.SetupIntent;
import io.checkoutgateway.checkout.StripeSession;
import io.checkoutgateway.events.EventStore;
import io.checkoutgateway.events.Meaning;
import io.checkoutgateway.events.StripeEvent;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import java.time.OffsetDateTime;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Stripe's events in Postgres. */
public final class PgEvents implements EventStore {
    private static final String ADD =
            """
            INSERT INTO stripe_events (app_id, event_id, type, api_version, account, livemode, created, body)
            SELECT * FROM unnest(
                #{app_ids}::text[], #{event_ids}::text[], #{types}::text[], #{api_versions}::text[],
                #{accounts}::text[], #{livemodes}::boolean[], #{created}::timestamptz[], #{bodies}::bytea[])
            ON CONFLICT (app_id, event_id) DO NOTHING
            RETURNING app_id, event_id
            """;

    private static final String ADD_MISSED =
            """
            INSERT INTO stripe_events (
                app_id, event_id, type, api_version, account, livemode, created, body, origin, object_id)
            VALUES (
                #{app_id}, #{event_id}, #{type}, #{api_version}, #{account}, #{livemode}, #{created}, #{body},
                'catch_up', #{object_id})
            ON CONFLICT (app_id, event_id) DO NOTHING
            """;

    private static final String NEXT =
            """
            SELECT e.id, e.app_id, e.event_id, e.type, e.api_version, e.account, e.livemode, e.created, e.body,
                   e.attempts, a.namespace, a.stripe_account_id
            FROM stripe_events e
            JOIN apps a ON a.id = e.app_id
            WHERE e.state = 'pending' AND e.next_attempt_at <= now()
            ORDER BY e.next_attempt_at, e.id
            LIMIT 1
            FOR UPDATE OF e SKIP LOCKED
            """;

    private static final String FIND_SESSION =
            """
            SELECT id FROM checkout_sessions WHERE app_id = #{app_id} AND stripe_session_id = #{stripe_session_id}
            """;

    private static final String FIND_OURS =
            """
            SELECT id, status, stripe_session_id FROM checkout_sessions WHERE app_id = #{app_id} AND id = #{id}
            """;

    private static final String FIND_BY_SETUP_INTENT =
            """
            SELECT id FROM checkout_sessions
            WHERE app_id = #{app_id} AND (setup_intent_id = #{setup_intent_id}
                  OR (id = #{id} AND setup_intent_id IS NULL))
            LIMIT 1
            """;

    /** An empty row; what the event says is applied to it in the same transaction. */
    private static final String ADD_FOREIGN =
            """
            INSERT INTO checkout_sessions (
                id, namespace, app_id, stripe_account_id, livemode, status, mode, stripe_session_id, version)
            VALUES (
                #{id}, #{namespace}, #{app_id}, #{account_id}, #{livemode}, 'creating', #{mode},
                #{stripe_session_id}, 0)
            ON CONFLICT (app_id, stripe_session_id) DO NOTHING
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
                settled_at = CASE WHEN attempts + 1 >= #{attempts_max} THEN now() END,
                next_attempt_at = now() + make_interval(secs => least(3600, 2 ^ least(attempts + 1, 12)))
            WHERE id = #{id}
            RETURNING state
            """;

    private static final String BACKLOG =
            """
            SELECT count(*) FILTER (WHERE state = 'pending') AS pending,
                   count(*) FILTER (WHERE state = 'quarantined') AS quarantined,
                   coalesce(extract(epoch FROM now() - min(received_at) FILTER (WHERE state = 'pending')), 0)::float8
                       AS oldest_seconds
            FROM stripe_events
            WHERE state IN ('pending', 'quarantined')
            """;

    /** Long enough for a cause, short enough for a list. */
    private static final int OUTCOME_MAX = 500;

    private final Postgres postgres;
    private final GroupCommit<Arrival, Boolean> arrivals = new GroupCommit<>(this::addAll);

    public PgEvents(Postgres postgres) {
        this.postgres = postgres;
    }

    /** Waits for others on the way, so that one insert stores them all: see {@link GroupCommit}. */
    @Override
    public Future<Boolean> add(String appId, StripeEvent event) {
        return arrivals.add(new Arrival(appId, event));
    }

    @Override
    public Future<Boolean> addMissed(String appId, StripeEvent event) {
        JsonObject object = event.object();
        return postgres.query(
                        ADD_MISSED,
                        Parameters.of("app_id", appId)
                                .and("event_id", event.id())
                                .and("type", event.type())
                                .and("api_version", event.apiVersion())
                                .and("account", event.account())
                                .and("livemode", event.livemode())
                                .and("created", Rows.utc(event.created()))
                                .and("body", event.body())
                                .and("object_id", object == null ? null : object.getString("id"))
                                .map())
                .map(rows -> rows.rowCount() == 1);
    }

    /** An event about to be stored. */
    private record Arrival(String appId, StripeEvent event) {
        String key() {
            return appId + '/' + event.id();
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
                .and("bodies", events.stream().map(StripeEvent::body).toArray(Buffer[]::new))
                .map();
    }

    /** The event's row stays locked until its outcome is written, also that of a failure: nobody else tries it too. */
    @Override
    public Future<Optional<Settled>> settleNext(Function<StripeEvent, Meaning> meaningOf, int attemptsMax) {
        return postgres.inTransactionWithSavepoints(connection -> {
            Future<RowSet<Row>> next = Postgres.on(connection, NEXT, Map.of());
            Future<Void> savepoint = Postgres.statement(connection, "SAVEPOINT taken");
            return Future.all(next, savepoint).compose(both -> Rows.first(next.result())
                    .map(row -> settle(connection, toTaken(row), meaningOf, attemptsMax)
                            .map(Optional::of))
                    .orElseGet(() -> Future.succeededFuture(Optional.empty())));
        });
    }

    private static Future<Settled> settle(
            SqlConnection connection, Taken taken, Function<StripeEvent, Meaning> meaningOf, int attemptsMax) {
        return Future.succeededFuture(taken)
                .compose(event -> apply(connection, event, meaningOf))
                .recover(failure -> Postgres.statement(connection, "ROLLBACK TO SAVEPOINT taken")
                        .compose(undone -> retryLater(connection, taken, failure, attemptsMax)));
    }

    /** A taken event and the app that it came for. */
    private record Taken(long row, String appId, String namespace, @Nullable String accountId, StripeEvent event) {
        Settled settled(Outcome outcome, String detail) {
            return new Settled(event.id(), event.type(), outcome, detail);
        }
    }

    private static Future<Settled> apply(
            SqlConnection connection, Taken taken, Function<StripeEvent, Meaning> meaningOf) {
        Meaning meaning = meaningOf.apply(taken.event());
        Observation seen = meaning.observation();
        if (seen == null) {
            return settled(connection, taken, Outcome.IGNORED, String.valueOf(meaning.reasonIgnored()));
        }
        return sessionOf(connection, taken, seen, meaning.gatewaySessionId()).compose(id -> id.map(
                        known -> SessionChanges.apply(connection, known, seen)
                                .compose(session -> settled(connection, taken, Outcome.APPLIED, session.id())))
                .orElseGet(() -> settled(connection, taken, Outcome.IGNORED, "it concerns no session kept here")));
    }

    private static Future<Optional<String>> sessionOf(
            SqlConnection connection, Taken taken, Observation seen, @Nullable String gatewaySessionId) {
        StripeSession session = seen.session();
        if (session != null) {
            return ofStripeSession(connection, taken, session, gatewaySessionId);
        }
        SetupIntent intent = seen.setupIntent();
        return idOf(
                connection,
                FIND_BY_SETUP_INTENT,
                Parameters.of("app_id", taken.appId())
                        .and("setup_intent_id", intent == null ? null : intent.id())
                        .and("id", gatewaySessionId));
    }

    /** The session by Stripe's id; else ours that the metadata name; else one that another service made. */
    private static Future<Optional<String>> ofStripeSession(
            SqlConnection connection, Taken taken, StripeSession session, @Nullable String gatewaySessionId) {
        Parameters parameters = Parameters.of("app_id", taken.appId())
                .and("stripe_session_id", session.id())
                .and("id", gatewaySessionId);
        return idOf(connection, FIND_SESSION, parameters)
                .compose(known -> known.isPresent()
                        ? Future.succeededFuture(known)
                        : Postgres.on(connection, FIND_OURS, parameters.map()).compose(rows -> Rows.first(rows)
                                .map(ours -> Future.succeededFuture(unanswered(ours, session)))
                                .orElseGet(() -> addForeign(connection, taken, session)
                                        .compose(added -> idOf(connection, FIND_SESSION, parameters)))));
    }

    /**
     * Ours, when its answer has not come yet. A row that holds another session has overtaken this one; and an expired
     * session may be a double that was ended, which a create under way must not be left with: once that is settled, it
     * is known which of the two this one was.
     */
    private static Optional<String> unanswered(Row ours, StripeSession session) {
        boolean expired = session.status() == CheckoutStatus.EXPIRED;
        CheckoutStatus status = CheckoutStatus.of(ours.getString("status"));
        if (ours.getString("stripe_session_id") != null || (expired && status == CheckoutStatus.FAILED)) {
            return Optional.empty();
        }
        if (expired) {
            throw new IllegalStateException("the create of " + ours.getString("id") + " is still under way");
        }
        return Optional.of(ours.getString("id"));
    }

    private static Future<Void> addForeign(SqlConnection connection, Taken taken, StripeSession session) {
        return Postgres.on(
                        connection,
                        ADD_FOREIGN,
                        Parameters.of("id", UlidCreator.getMonotonicUlid().toString())
                                .and("namespace", taken.namespace())
                                .and("app_id", taken.appId())
                                .and("account_id", accountOf(taken))
                                .and("livemode", session.livemode())
                                .and("mode", session.mode())
                                .and("stripe_session_id", session.id())
                                .map())
                .mapEmpty();
    }

    private static @Nullable String accountOf(Taken taken) {
        return taken.event().account() == null
                ? taken.accountId()
                : taken.event().account();
    }

    private static Future<Optional<String>> idOf(SqlConnection connection, String sql, Parameters parameters) {
        return Postgres.on(connection, sql, parameters.map())
                .map(rows -> Rows.first(rows).map(row -> row.getString("id")));
    }

    private static Future<Settled> settled(SqlConnection connection, Taken taken, Outcome outcome, String detail) {
        return Postgres.on(
                        connection,
                        SETTLE,
                        Map.of(
                                "id",
                                taken.row(),
                                "state",
                                outcome.name().toLowerCase(Locale.ROOT),
                                "outcome",
                                shortened(detail)))
                .map(done -> taken.settled(outcome, detail));
    }

    private static Future<Settled> retryLater(
            SqlConnection connection, Taken taken, Throwable failure, int attemptsMax) {
        String reason = shortened(failure.getClass().getSimpleName() + ": " + failure.getMessage());
        return Postgres.on(connection, RETRY, Map.of("id", taken.row(), "outcome", reason, "attempts_max", attemptsMax))
                .map(rows -> taken.settled(
                        rows.iterator().next().getString("state").equals("quarantined")
                                ? Outcome.QUARANTINED
                                : Outcome.RETRIED,
                        reason));
    }

    @Override
    public Future<Backlog> backlog() {
        return postgres.query(BACKLOG, Map.of()).map(rows -> {
            Row row = rows.iterator().next();
            return new Backlog(row.getLong("pending"), row.getLong("quarantined"), row.getDouble("oldest_seconds"));
        });
    }

    private static String shortened(String text) {
        return text.length() <= OUTCOME_MAX ? text : text.substring(0, OUTCOME_MAX);
    }

    private static Taken toTaken(Row row) {
        StripeEvent event = new StripeEvent(
                row.getString("event_id"),
                row.getString("type"),
                row.getString("api_version"),
                row.getString("account"),
                row.getBoolean("livemode"),
                Rows.instantOf(row, "created"),
                row.getBuffer("body"));
        return new Taken(
                row.getLong("id"),
                row.getString("app_id"),
                row.getString("namespace"),
                row.getString("stripe_account_id"),
                event);
    }
}
