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
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Stripe's events in Postgres. */
public final class PgEvents implements EventStore {
    private static final String ADD =
            """
            INSERT INTO stripe_events (app_id, event_id, type, api_version, account, livemode, created, body)
            VALUES (#{app_id}, #{event_id}, #{type}, #{api_version}, #{account}, #{livemode}, #{created}, #{body})
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

    public PgEvents(Postgres postgres) {
        this.postgres = postgres;
    }

    @Override
    public Future<Boolean> add(String appId, StripeEvent event) {
        return postgres.query(
                        ADD,
                        Parameters.of("app_id", appId)
                                .and("event_id", event.id())
                                .and("type", event.type())
                                .and("api_version", event.apiVersion())
                                .and("account", event.account())
                                .and("livemode", event.livemode())
                                .and("created", Rows.utc(event.created()))
                                .and("body", event.body())
                                .map())
                .map(rows -> rows.rowCount() == 1);
    }

    @Override
    public Future<Counts> settleNext(Function<StripeEvent, Meaning> meaningOf, int attemptsMax) {
        Taken[] taken = new Taken[1];
        return postgres.inTransaction(
                        connection -> Postgres.on(connection, NEXT, Map.of()).compose(rows -> Rows.first(rows)
                                .map(row -> {
                                    taken[0] = toTaken(row);
                                    return settle(connection, taken[0], meaningOf);
                                })
                                .orElseGet(() -> Future.succeededFuture(Counts.NONE))))
                .recover(failure ->
                        taken[0] == null ? Future.failedFuture(failure) : retryLater(taken[0], failure, attemptsMax));
    }

    /** A taken event and the app that it came for. */
    private record Taken(long row, String appId, String namespace, @Nullable String accountId, StripeEvent event) {}

    private Future<Counts> settle(SqlConnection connection, Taken taken, Function<StripeEvent, Meaning> meaningOf) {
        Meaning meaning = meaningOf.apply(taken.event());
        Observation seen = meaning.observation();
        if (seen == null) {
            return settled(connection, taken, "ignored", String.valueOf(meaning.reasonIgnored()));
        }
        return sessionOf(connection, taken, seen, meaning.gatewaySessionId())
                .compose(id -> id.map(known -> SessionChanges.apply(connection, known, seen)
                                .compose(session -> settled(connection, taken, "applied", session.id())))
                        .orElseGet(() -> settled(connection, taken, "ignored", "it concerns no session kept here")));
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

    private static Future<Counts> settled(SqlConnection connection, Taken taken, String state, String outcome) {
        return Postgres.on(connection, SETTLE, Map.of("id", taken.row(), "state", state, "outcome", shortened(outcome)))
                .map(done -> state.equals("applied") ? new Counts(1, 0, 0, 0) : new Counts(0, 1, 0, 0));
    }

    private Future<Counts> retryLater(Taken taken, Throwable failure, int attemptsMax) {
        String outcome = shortened(failure.getClass().getSimpleName() + ": " + failure.getMessage());
        return postgres.query(RETRY, Map.of("id", taken.row(), "outcome", outcome, "attempts_max", attemptsMax))
                .map(rows -> rows.iterator().next().getString("state").equals("quarantined")
                        ? new Counts(0, 0, 0, 1)
                        : new Counts(0, 0, 1, 0));
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
