package io.checkoutgateway.store;

import io.checkoutgateway.audit.Actor;
import io.checkoutgateway.checkout.CheckoutSession;
import io.checkoutgateway.checkout.CreateAttempt;
import io.checkoutgateway.checkout.CreateJournal;
import io.checkoutgateway.checkout.NewSession;
import io.checkoutgateway.checkout.Observation;
import io.checkoutgateway.checkout.Reservation;
import io.checkoutgateway.failure.GatewayException;
import io.checkoutgateway.failure.Reason;
import io.checkoutgateway.idempotency.IdempotencyKey;
import io.checkoutgateway.idempotency.StoredAnswer;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** The steps of creates, in Postgres. */
public final class PgCreateJournal implements CreateJournal {
    /** A key may be freed between the look and the claim; twice in a row means something else is wrong. */
    private static final int CLAIMS_MAX = 3;

    /** How many answers are forgotten at once: few enough that their locks are gone in a moment. */
    private static final int FORGOTTEN_MAX = 1_000;

    private static final String OWN_COLUMNS =
            """
            id, namespace, app_id, stripe_account_id, customer_id, stripe_customer_id, parameters, attempt, expires_at,
            attempt_started_at, lease, tries
            """;

    /** With the operation that the key, if there is one, came with. */
    private static final String ATTEMPT_COLUMNS = OWN_COLUMNS
            + """
            , (SELECT operation FROM idempotency_keys k WHERE k.session_id = checkout_sessions.id) AS operation
            """;

    private static final String ADD_SESSION =
            """
            INSERT INTO checkout_sessions (
                id, namespace, app_id, stripe_account_id, livemode, customer_id, stripe_customer_id, status, mode,
                parameters,
                requested_metadata, metadata, expires_at, lease, lease_until)
            SELECT
                #{id}, #{namespace}, #{app_id}, #{account_id}, #{livemode}, #{customer_id}, #{stripe_customer_id},
                'creating', 'setup',
                #{parameters}, #{metadata}, #{metadata}, to_timestamp(#{expires_at}), nextval('create_leases'),
                now() + make_interval(secs => #{lease_seconds})
            """;

    private static final String FIRST_TRANSITION =
            """
            INSERT INTO checkout_session_transitions (session_id, sequence, to_status, reason, source, occurred_at)
            SELECT id, 1, 'creating', 'create', 'api', now() FROM made
            """;

    private static final String FIRST_NOTICE =
            """
            INSERT INTO outbox (namespace, session_id, sequence) SELECT namespace, id, 1 FROM made
            """;

    /** Who asked, in the same statement: the trail costs a create no round trip of its own. */
    private static final String FIRST_ENTRY =
            """
            , audited AS (
                INSERT INTO audit_log (namespace, actor, action, resource, request_id, after_hash)
                SELECT namespace, #{actor}, 'checkout_session.created', 'checkout_session:' || id, #{request_id},
                       sha256(convert_to(snapshot, 'UTF8'))
                FROM made
                RETURNING id
            ), unchained AS (
                INSERT INTO audit_unchained (entry_id) SELECT id FROM audited
            )
            """;

    private static final String MADE =
            " RETURNING " + ATTEMPT_COLUMNS + ", to_jsonb(checkout_sessions)::text AS snapshot), noted AS ("
                    + FIRST_TRANSITION + "), announced AS (" + FIRST_NOTICE + ")" + FIRST_ENTRY + "SELECT "
                    + OWN_COLUMNS + ", operation FROM made";

    private static final String RESERVE = "WITH made AS (" + ADD_SESSION + MADE;

    private static final String RESERVE_WITH_KEY =
            """
            WITH claimed AS (
                INSERT INTO idempotency_keys (namespace, operation, key, request_hash, session_id)
                VALUES (#{namespace}, #{operation}, #{key}, #{request_hash}, #{id})
                ON CONFLICT (namespace, operation, key) DO NOTHING
                RETURNING session_id
            ), made AS (
            """
                    + ADD_SESSION
                    + " FROM claimed" + MADE;

    private static final String TAKE_OVER =
            """
            UPDATE checkout_sessions
            SET lease = nextval('create_leases'),
                lease_until = now() + make_interval(secs => #{lease_seconds}),
                tries = tries + 1
            WHERE id = #{id} AND lease_until <= now() AND status <> 'failed'
            RETURNING
            """
                    + ATTEMPT_COLUMNS;

    private static final String LEASE_LEFT =
            """
            SELECT greatest(1, ceil(extract(epoch FROM lease_until - now())))::integer AS seconds
            FROM checkout_sessions
            WHERE id = #{id}
            """;

    private static final String BIND =
            """
            UPDATE checkout_sessions
            SET stripe_customer_id = #{stripe_customer_id}, parameters = #{parameters}
            WHERE id = #{id} AND lease = #{lease}
            RETURNING
            """
                    + ATTEMPT_COLUMNS;

    private static final String NEXT_ATTEMPT =
            """
            UPDATE checkout_sessions
            SET attempt = attempt + 1, attempt_started_at = now(), stripe_customer_id = #{stripe_customer_id},
                parameters = #{parameters}
            WHERE id = #{id} AND lease = #{lease} AND status = 'creating'
            RETURNING
            """
                    + ATTEMPT_COLUMNS;

    private static final String HELD =
            """
            SELECT id FROM checkout_sessions WHERE id = #{id} AND lease = #{lease} FOR UPDATE
            """;

    private static final String FAIL =
            """
            WITH failed AS (
                UPDATE checkout_sessions
                SET status = 'failed', failure_code = #{code}, failure_detail = #{detail}, lease_until = now(),
                    version = version + 1, updated_at = now()
                WHERE id = #{id} AND lease = #{lease} AND status = 'creating'
                RETURNING id, namespace, version
            ), noted AS (
                INSERT INTO checkout_session_transitions (
                    session_id, sequence, from_status, to_status, reason, source, occurred_at)
                SELECT id, version, 'creating', 'failed', #{code}, 'api', now() FROM failed
            ), announced AS (
                INSERT INTO outbox (namespace, session_id, sequence) SELECT namespace, id, version FROM failed
            )
            SELECT id FROM failed
            """;

    private static final String RELEASE =
            """
            UPDATE checkout_sessions
            SET lease_until = now() + make_interval(secs => #{pause_seconds})
            WHERE id = #{id} AND lease = #{lease}
            """;

    private static final String CLAIM_UNFINISHED =
            """
            WITH idle AS MATERIALIZED (
                SELECT id FROM checkout_sessions
                WHERE status = 'creating' AND lease_until <= now()
                ORDER BY lease_until
                LIMIT #{most}
                FOR UPDATE SKIP LOCKED
            )
            UPDATE checkout_sessions
            SET lease = nextval('create_leases'),
                lease_until = now() + make_interval(secs => #{lease_seconds}),
                tries = tries + 1
            WHERE id IN (SELECT id FROM idle)
            RETURNING
            """
                    + ATTEMPT_COLUMNS;

    private static final String FORGET_ANSWERS =
            """
            WITH old AS MATERIALIZED (
                SELECT namespace, operation, key FROM idempotency_keys k
                WHERE created_at < now() - make_interval(secs => #{retention_seconds})
                  AND (k.status IS NOT NULL
                       OR NOT EXISTS (
                           SELECT FROM checkout_sessions s WHERE s.id = k.session_id AND s.status = 'creating'))
                ORDER BY created_at
                LIMIT #{most}
                FOR UPDATE OF k SKIP LOCKED
            )
            DELETE FROM idempotency_keys
            WHERE (namespace, operation, key) IN (SELECT namespace, operation, key FROM old)
            """;

    private static final String END_LEASE =
            """
            UPDATE checkout_sessions SET lease_until = now() WHERE id = #{id} AND lease = #{lease}
            """;

    private final Postgres postgres;
    private final Duration lease;

    /** @param lease how long one process may work at a create before another may take it over */
    public PgCreateJournal(Postgres postgres, Duration lease) {
        this.postgres = postgres;
        this.lease = lease;
    }

    @Override
    public Future<Reservation> reserve(NewSession session) {
        return session.idempotencyKey()
                .map(key -> reserve(session, key, CLAIMS_MAX))
                .orElseGet(() -> postgres.query(RESERVE, rowOf(session).map())
                        .map(rows ->
                                Reservation.started(toAttempt(rows.iterator().next()))));
    }

    private Future<Reservation> reserve(NewSession session, IdempotencyKey key, int claimsLeft) {
        if (claimsLeft == 0) {
            return Future.succeededFuture(Reservation.inUse(Duration.ofSeconds(1)));
        }
        Parameters row = rowOf(session)
                .and("operation", key.operation())
                .and("key", key.value())
                .and("request_hash", key.requestHash());
        return postgres.query(RESERVE_WITH_KEY, row.map()).compose(rows -> Rows.first(rows)
                .map(made -> Future.succeededFuture(Reservation.started(toAttempt(made))))
                .orElseGet(() -> whatBecameOf(session, key, claimsLeft)));
    }

    private Future<Reservation> whatBecameOf(NewSession session, IdempotencyKey key, int claimsLeft) {
        return recall(session.namespace(), key).compose(found -> found.map(Future::succeededFuture)
                .orElseGet(() -> reserve(session, key, claimsLeft - 1)));
    }

    @Override
    public Future<Optional<Reservation>> recall(String namespace, IdempotencyKey key) {
        return postgres.inTransaction(
                connection -> PgIdempotencyKeys.find(connection, namespace, key).compose(found -> found.map(
                                used -> judge(connection, namespace, used, key).map(Optional::of))
                        .orElseGet(() -> Future.succeededFuture(Optional.empty()))));
    }

    private Future<Reservation> judge(
            SqlConnection connection, String namespace, PgIdempotencyKeys.Used used, IdempotencyKey key) {
        if (!used.sameRequest(key)) {
            return Future.succeededFuture(Reservation.reused());
        }
        if (used.answer().isPresent()) {
            return Future.succeededFuture(Reservation.answered(used.answer().get()));
        }
        Map<String, Object> parameters = Parameters.of("id", used.sessionId())
                .and("lease_seconds", Rows.seconds(lease))
                .map();
        return Postgres.on(connection, TAKE_OVER, parameters).compose(rows -> Rows.first(rows)
                .map(row -> unlessAnsweredMeanwhile(connection, namespace, key, Reservation.takenOver(toAttempt(row))))
                .orElseGet(() -> Postgres.on(connection, LEASE_LEFT, parameters)
                        .map(left -> Reservation.inUse(
                                Duration.ofSeconds(left.iterator().next().getInteger("seconds"))))));
    }

    /** The one who held the lease may have answered while its row was waited for. */
    private static Future<Reservation> unlessAnsweredMeanwhile(
            SqlConnection connection, String namespace, IdempotencyKey key, Reservation takenOver) {
        return PgIdempotencyKeys.find(connection, namespace, key).map(now -> now.flatMap(PgIdempotencyKeys.Used::answer)
                .map(Reservation::answered)
                .orElse(takenOver));
    }

    @Override
    public Future<CreateAttempt> bind(CreateAttempt attempt, String stripeCustomerId, JsonObject parameters) {
        return fenced(
                BIND, fence(attempt).and("stripe_customer_id", stripeCustomerId).and("parameters", parameters));
    }

    @Override
    public Future<CreateAttempt> nextAttempt(CreateAttempt attempt, String stripeCustomerId, JsonObject parameters) {
        return fenced(
                NEXT_ATTEMPT,
                fence(attempt).and("stripe_customer_id", stripeCustomerId).and("parameters", parameters));
    }

    private Future<CreateAttempt> fenced(String sql, Parameters parameters) {
        return postgres.query(sql, parameters.map()).compose(rows -> Rows.first(rows)
                .map(row -> Future.succeededFuture(toAttempt(row)))
                .orElseGet(PgCreateJournal::takenOver));
    }

    private static <T> Future<T> takenOver() {
        return Future.failedFuture(GatewayException.retryable(
                Reason.IDEMPOTENCY_KEY_IN_USE, "Another process took this create over", Duration.ofSeconds(1)));
    }

    @Override
    public Future<Completed> complete(
            CreateAttempt attempt,
            @Nullable String connectedAccount,
            Observation opened,
            Function<CheckoutSession, StoredAnswer> answer) {
        return postgres.inTransaction(connection -> SessionChanges.apply(connection, attempt.sessionId(), opened)
                .compose(session -> {
                    // Sent one behind the other without waiting: neither needs the other's result.
                    Future<StoredAnswer> stored =
                            PgIdempotencyKeys.answer(connection, session.id(), answer.apply(session));
                    Future<?> ended =
                            Postgres.on(connection, END_LEASE, fence(attempt).map());
                    return Future.all(stored, ended)
                            .compose(done -> noteAccount(connection, attempt, connectedAccount))
                            .map(noted -> new Completed(stripeIdOf(session), stored.result()));
                }));
    }

    /** A create that worked tells that its account is connected, perhaps again. */
    private static Future<Void> noteAccount(
            SqlConnection connection, CreateAttempt attempt, @Nullable String connectedAccount) {
        return connectedAccount == null
                ? Future.succeededFuture()
                : ConnectedAccountRows.seen(
                        connection,
                        Actor.gateway(attempt.namespace(), attempt.sessionId()),
                        attempt.appId(),
                        connectedAccount,
                        null);
    }

    private static String stripeIdOf(CheckoutSession session) {
        if (session.stripe() == null) {
            throw new GatewayException(
                    Reason.INTERNAL, "A session was completed that had failed before: " + session.id());
        }
        return session.stripe().id();
    }

    @Override
    public Future<Void> fail(CreateAttempt attempt, CheckoutSession.Failure failure, Optional<StoredAnswer> answer) {
        Parameters parameters = fence(attempt).and("code", failure.code()).and("detail", failure.detail());
        return postgres.inTransaction(
                connection -> Postgres.on(connection, HELD, fence(attempt).map())
                        .compose(held -> held.size() == 0
                                ? takenOver()
                                : Postgres.on(connection, FAIL, parameters.map())
                                        .compose(failed -> settleKey(
                                                connection, attempt.sessionId(), failed.size() > 0, answer))));
    }

    /** A session that Stripe turned out to have opened keeps its key: the next request with it learns of that. */
    private static Future<Void> settleKey(
            SqlConnection connection, String sessionId, boolean failed, Optional<StoredAnswer> answer) {
        if (answer.isPresent()) {
            return PgIdempotencyKeys.answer(connection, sessionId, answer.get()).mapEmpty();
        }
        return failed ? PgIdempotencyKeys.free(connection, sessionId) : Future.succeededFuture();
    }

    @Override
    public Future<Void> release(CreateAttempt attempt, Duration pause) {
        return postgres.query(
                        RELEASE,
                        fence(attempt).and("pause_seconds", Rows.seconds(pause)).map())
                .mapEmpty();
    }

    @Override
    public Future<List<CreateAttempt>> claimUnfinished(int most) {
        return postgres.query(CLAIM_UNFINISHED, Map.of("most", most, "lease_seconds", Rows.seconds(lease)))
                .map(rows -> StreamSupport.stream(rows.spliterator(), false)
                        .map(PgCreateJournal::toAttempt)
                        .toList());
    }

    @Override
    public Future<Boolean> forgetAnswers(Duration retention) {
        return postgres.query(
                        FORGET_ANSWERS, Map.of("retention_seconds", Rows.seconds(retention), "most", FORGOTTEN_MAX))
                .map(rows -> rows.rowCount() == FORGOTTEN_MAX);
    }

    private Parameters rowOf(NewSession session) {
        return Parameters.of("id", session.id())
                .and("namespace", session.namespace())
                .and("actor", session.actor().name())
                .and("request_id", session.actor().requestId())
                .and("app_id", session.appId())
                .and("account_id", session.accountId())
                .and("livemode", session.livemode())
                .and("customer_id", session.customerId())
                .and("stripe_customer_id", session.stripeCustomerId())
                .and("parameters", session.parameters())
                .and("metadata", Rows.json(session.metadata()))
                .and("expires_at", session.parameters().getDouble("expires_at"))
                .and("lease_seconds", Rows.seconds(lease));
    }

    private static Parameters fence(CreateAttempt attempt) {
        return Parameters.of("id", attempt.sessionId()).and("lease", attempt.lease());
    }

    private static CreateAttempt toAttempt(Row row) {
        return new CreateAttempt(
                row.getString("id"),
                row.getString("namespace"),
                row.getString("app_id"),
                row.getString("stripe_account_id"),
                row.getString("operation"),
                row.getString("customer_id"),
                row.getString("stripe_customer_id"),
                row.getJsonObject("parameters"),
                row.getInteger("attempt"),
                Rows.instantOf(row, "expires_at"),
                Rows.instantOf(row, "attempt_started_at"),
                row.getLong("lease"),
                row.getInteger("tries"));
    }
}
