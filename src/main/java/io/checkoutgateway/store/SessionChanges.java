package io.checkoutgateway.store;

import io.checkoutgateway.checkout.Change;
import io.checkoutgateway.checkout.CheckoutSession;
import io.checkoutgateway.checkout.Observation;
import io.checkoutgateway.checkout.SetupIntent;
import io.checkoutgateway.checkout.SetupIntent.SetupError;
import io.checkoutgateway.checkout.StripeSession;
import io.checkoutgateway.events.Meaning.Choice;
import io.checkoutgateway.failure.GatewayException;
import io.checkoutgateway.failure.Reason;
import io.checkoutgateway.followup.FollowUp;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Applies observations to rows, as a step of a transaction: lock, ask {@link Change} what it means, write. A change,
 * its entry in the history and its notice in the outbox are one statement, so that there is never one without the
 * others.
 */
final class SessionChanges {
    private static final String LOCK =
            "SELECT " + SessionRow.COLUMNS + " FROM checkout_sessions WHERE id = #{id} FOR UPDATE";

    /** A payment that is not settled by then never will be; sessions live for a day before. */
    static final String OPEN_ENDS_MAX = "interval '31 days'\n";

    /** The event that is missing comes within seconds mostly. */
    private static final String FIRST_LOOK = "interval '30 seconds'\n";

    /** What goes with each change; the error of a failed attempt once, however often its event is replayed. */
    private static final String ANNOUNCE =
            """
            ), noted AS (
                INSERT INTO checkout_session_transitions (
                    session_id, sequence, from_status, to_status, reason, source, event_id, occurred_at, setup_error,
                    held_back)
                SELECT id, version, #{from_status}, status, #{reason}, #{source}, #{event_id}, #{occurred_at},
                       CASE WHEN #{failure}::jsonb IS NOT NULL AND NOT EXISTS (
                           SELECT FROM checkout_session_transitions t
                           WHERE t.session_id = changed.id AND t.event_id = #{event_id} AND t.setup_error IS NOT NULL)
                           THEN #{failure}::jsonb END,
                       #{held_back}::boolean
                FROM changed
            ), announced AS (
                INSERT INTO outbox (namespace, session_id, sequence, payment_status, setup_intent_status)
                SELECT namespace, id, version, payment_status, setup_intent_status
                FROM changed
                WHERE NOT #{held_back}::boolean
            )
            SELECT * FROM changed
            """;

    /** The session's first change, if that was held back; nothing has happened to the session since. */
    private static final String ANNOUNCE_HELD_BACK =
            """
            WITH news AS (
                UPDATE checkout_session_transitions
                SET held_back = false
                WHERE session_id = #{id} AND sequence = 1 AND held_back
                RETURNING session_id, sequence
            )
            INSERT INTO outbox (namespace, session_id, sequence, payment_status, setup_intent_status)
            SELECT s.namespace, s.id, n.sequence, s.payment_status, s.setup_intent_status
            FROM news n
            JOIN checkout_sessions s ON s.id = n.session_id
            """;

    /** The columns that repeat Stripe's object say what it says, also that there is nothing to say any more. */
    private static final String WRITE = writing(SessionColumns.NAMES);

    /** While there is no object they keep what the create knows. */
    private static final String WRITE_SETUP_INTENT = writing(List.of());

    private static String writing(List<String> columns) {
        return """
            WITH changed AS (
                UPDATE checkout_sessions
                SET status = #{status},
                    failure_code = CASE WHEN #{status} = 'failed' THEN failure_code END,
                    failure_detail = CASE WHEN #{status} = 'failed' THEN failure_detail END,
            """
                + columns.stream().map(name -> name + " = #{" + name + "},\n").collect(Collectors.joining())
                + """
                    stripe_as_of = #{stripe_as_of},
                    setup_intent_id = #{setup_intent_id},
                    setup_intent_status = #{setup_intent_status},
                    payment_method_id = #{payment_method_id},
                    setup_error = #{setup_error},
                    setup_intent_as_of = #{setup_intent_as_of},
                    payment_settled = #{payment_settled}::boolean,
                    payment_as_of = #{payment_as_of},
                    completed_at = #{completed_at},
                    read_due_at = CASE WHEN #{open_ended}
                        AND coalesce(#{stripe_created_at}::timestamptz, '-infinity') > now() -
            """
                + OPEN_ENDS_MAX
                + """
                        THEN coalesce(read_due_at, now() +
            """
                + FIRST_LOOK
                + """
                        ) END,
                    updated_at = now(),
                    version = version + 1,
                    heard = heard + 1
                WHERE id = #{id}
                RETURNING payment_status,
            """
                + SessionRow.COLUMNS
                + ANNOUNCE;
    }

    /** A reading may have shown the attempt before its event came. */
    private static final String NAME_FAILURE =
            """
            UPDATE checkout_session_transitions
            SET event_id = #{event_id}
            WHERE (session_id, sequence) IN (
                SELECT session_id, sequence FROM checkout_session_transitions
                WHERE session_id = #{id} AND event_id IS NULL AND setup_error = #{failure}::jsonb
                  AND occurred_at >= #{occurred_at}
                ORDER BY sequence
                LIMIT 1)
            """;

    /** That an attempt failed which is not the last one, or failed as the one before: nothing but the history changes. */
    private static final String NOTE_FAILURE =
            """
            WITH changed AS (
                UPDATE checkout_sessions
                SET updated_at = now(), version = version + 1
                WHERE id = #{id} AND NOT EXISTS (
                    SELECT FROM checkout_session_transitions t WHERE t.session_id = #{id} AND t.event_id = #{event_id})
                RETURNING payment_status,
            """
                    + SessionRow.COLUMNS
                    + ANNOUNCE;

    /** A session that nobody knew: what {@link #WRITE} sets is there from the beginning. */
    private static final String ADD =
            """
            WITH changed AS (
                INSERT INTO checkout_sessions (
                    id, namespace, app_id, stripe_account_id, livemode, status, stripe_as_of, setup_intent_id,
                    setup_intent_status, payment_method_id, setup_error, setup_intent_as_of, payment_settled,
                    payment_as_of, completed_at, read_due_at, heard, version,
            """
                    + String.join(", ", SessionColumns.NAMES)
                    + """
            )
                VALUES (
                    #{id}, #{namespace}, #{app_id}, #{account_id}, #{livemode}, #{status}, #{stripe_as_of},
                    #{setup_intent_id}, #{setup_intent_status}, #{payment_method_id}, #{setup_error},
                    #{setup_intent_as_of}, #{payment_settled}::boolean, #{payment_as_of}, #{completed_at},
                    CASE WHEN #{open_ended} AND #{stripe_created_at}::timestamptz > now() -
            """
                    + OPEN_ENDS_MAX
                    + """
                        THEN now() +
            """
                    + FIRST_LOOK
                    + """
                        END, 1, 1,
            """
                    + SessionColumns.NAMES.stream()
                            .map(name -> "#{" + name + "}")
                            .collect(Collectors.joining(", "))
                    + """
            )
                ON CONFLICT (app_id, stripe_session_id) DO NOTHING
                RETURNING payment_status,
            """
                    + SessionRow.COLUMNS
                    + ANNOUNCE;

    /** No news, also where it is known by now that there is nothing to wait for. */
    private static final String CONFIRM =
            """
            UPDATE checkout_sessions
            SET stripe_as_of = #{stripe_as_of},
                setup_intent_as_of = #{setup_intent_as_of},
                payment_settled = #{payment_settled}::boolean,
                payment_as_of = #{payment_as_of},
                read_due_at = CASE WHEN #{open_ended} THEN read_due_at END,
                heard = heard + 1
            WHERE id = #{id}
            RETURNING
            """
                    + SessionRow.COLUMNS;

    private SessionChanges() {}

    /** Applies the observation; answers the session as it is afterwards, changed or not. */
    static Future<CheckoutSession> apply(SqlConnection connection, String sessionId, Observation seen) {
        return Postgres.on(connection, LOCK, Map.of("id", sessionId)).compose(rows -> Rows.first(rows)
                .map(row -> apply(connection, SessionRow.toSession(row), seen))
                .orElseGet(() -> Future.failedFuture(
                        new GatewayException(Reason.NOT_FOUND, "No checkout session has this id"))));
    }

    /** The same for a row that this transaction has locked. */
    static Future<CheckoutSession> apply(SqlConnection connection, CheckoutSession locked, Observation seen) {
        return tellHeldBack(connection, locked, seen)
                .compose(told -> write(connection, locked, seen))
                .compose(now ->
                        FollowUpRows.addLineItems(connection, locked, now, seen).map(now));
    }

    /**
     * A backfill may be faster than the event that tells of the same end; then it is news all the same, and comes before
     * whatever the event adds to it. After another change it is not told any more: others know the end from that one.
     */
    private static Future<?> tellHeldBack(SqlConnection connection, CheckoutSession known, Observation seen) {
        return known.version() == 1 && known.status().terminal() && speaksOfTheEnd(seen)
                ? Postgres.on(connection, ANNOUNCE_HELD_BACK, Map.of("id", known.id()))
                : Future.succeededFuture();
    }

    /** Also a reading that an event called for; what happened before the end, and is heard late, tells nothing of it. */
    private static boolean speaksOfTheEnd(Observation seen) {
        boolean calledForByAnEvent =
                seen.source() == Observation.Source.EVENT || seen.source() == Observation.Source.FOLLOW_UP;
        SetupIntent intent = seen.setupIntent();
        return calledForByAnEvent && (seen.session() != null || (intent != null && intent.isFinal()));
    }

    /**
     * Adds a session that another service made, as it was seen. What a backfill finds already ended is history, and no
     * news: those who act on what they are told would act on orders of any age. It is held back until an event tells of
     * it.
     *
     * @param blank what is known of it beside that
     * @return empty, and nothing is done, when somebody else has added it meanwhile
     */
    static Future<Optional<CheckoutSession>> add(SqlConnection connection, CheckoutSession blank, Observation seen) {
        Change change = Change.of(blank, seen).orElseThrow();
        boolean history = isHistory(seen) && change.status().terminal();
        Parameters row = noted(SessionRow.toParameters(blank, change), blank, seen, failureIn(blank, change, seen))
                .and("held_back", history)
                .and("namespace", blank.namespace())
                .and("app_id", blank.appId())
                .and("account_id", blank.accountId())
                .and("livemode", blank.livemode());
        return Postgres.on(connection, ADD, row.map()).compose(rows -> Rows.first(rows)
                .map(SessionRow::toSession)
                .map(added -> FollowUpRows.addLineItems(connection, blank, added, seen)
                        .map(Optional.of(added)))
                .orElseGet(() -> Future.succeededFuture(Optional.empty())));
    }

    /**
     * Makes the row say what the change says, whatever it said, unless it is of another version by now: for a row that
     * went astray, which the order of states would leave as it is.
     */
    static Future<Boolean> overwrite(
            SqlConnection connection, CheckoutSession compared, Change change, Observation seen) {
        return Postgres.on(connection, LOCK, Map.of("id", compared.id())).compose(rows -> {
            boolean same = Rows.first(rows)
                    .filter(row ->
                            row.getLong("version") == compared.version() && row.getLong("heard") == compared.heard())
                    .isPresent();
            return same
                    ? write(connection, compared, change, seen)
                            .compose(now -> FollowUpRows.addLineItems(connection, compared, now, seen))
                            .map(true)
                    : Future.succeededFuture(false);
        });
    }

    private static Future<CheckoutSession> write(SqlConnection connection, CheckoutSession known, Observation seen) {
        Optional<Change> change = Change.of(known, seen);
        if (change.isPresent() && !change.get().confirms(known)) {
            return write(connection, known, change.get(), seen);
        }
        return change.map(confirmed -> confirm(connection, known, confirmed))
                .orElseGet(() -> Future.succeededFuture(known))
                .compose(now -> noteFailure(connection, now, seen));
    }

    private static Future<CheckoutSession> confirm(SqlConnection connection, CheckoutSession known, Change change) {
        return one(Postgres.on(
                connection, CONFIRM, SessionRow.toParameters(known, change).map()));
    }

    /** Each attempt that failed is in the history, also where a later state was known when its event came. */
    private static Future<CheckoutSession> noteFailure(
            SqlConnection connection, CheckoutSession now, Observation seen) {
        if (seen.failedAttempt().isEmpty()) {
            return Future.succeededFuture(now);
        }
        Parameters note = noted(Parameters.of("id", now.id()), now, seen, seen.failedAttempt())
                .and("held_back", false);
        return Postgres.on(connection, NAME_FAILURE, note.map())
                .compose(named -> named.rowCount() > 0
                        ? Future.succeededFuture(now)
                        : Postgres.on(connection, NOTE_FAILURE, note.map()).map(rows -> Rows.first(rows)
                                .map(SessionRow::toSession)
                                .orElse(now)));
    }

    private static Future<CheckoutSession> write(
            SqlConnection connection, CheckoutSession known, Change change, Observation seen) {
        Parameters state = noted(SessionRow.toParameters(known, change), known, seen, failureIn(known, change, seen))
                .and("held_back", false);
        return one(Postgres.on(connection, change.stripe() == null ? WRITE_SETUP_INTENT : WRITE, state.map()))
                .compose(written ->
                        follow(connection, known, change, seen, written).map(written));
    }

    private static Parameters noted(
            Parameters state, CheckoutSession known, Observation seen, Optional<SetupError> failure) {
        return state.and("from_status", known.status().word())
                .and("reason", seen.reason())
                .and("source", seen.source().name().toLowerCase(Locale.ROOT))
                .and("event_id", seen.eventId())
                .and("occurred_at", Rows.utc(seen.asOf()))
                .and("failure", failure.map(SessionRow::toJson).orElse(null));
    }

    /** What an event tells of, or else what a reading shows for the first time. */
    private static Optional<SetupError> failureIn(CheckoutSession known, Change change, Observation seen) {
        SetupError now = errorOf(change.setupIntent());
        return Objects.equals(now, errorOf(known.setupIntent())) ? seen.failedAttempt() : Optional.ofNullable(now);
    }

    private static @Nullable SetupError errorOf(@Nullable SetupIntent intent) {
        return intent == null ? null : intent.lastError();
    }

    /** What a change calls for besides itself. */
    private static Future<?> follow(
            SqlConnection connection, CheckoutSession known, Change change, Observation seen, CheckoutSession written) {
        return Future.all(
                readAgain(connection, change, seen, written),
                chooseWhatWasRead(connection, known, seen, written),
                hearAgain(connection, known, seen, written));
    }

    /** The SetupIntent of a session of ours names it, and is heard at once; of others, only their sessions tell. */
    private static Future<?> hearAgain(
            SqlConnection connection, CheckoutSession known, Observation seen, CheckoutSession written) {
        String before = ForeignSessions.followed(known.setupIntent(), known.stripe());
        String now = ForeignSessions.followed(written.setupIntent(), written.stripe());
        return now != null && !now.equals(before) && seen.session() != null && written.customerId() == null
                ? ForeignSessions.hearAgain(connection, written.appId(), now, seen.source())
                : Future.succeededFuture();
    }

    private static Future<?> readAgain(
            SqlConnection connection, Change change, Observation seen, CheckoutSession written) {
        if (!change.undecided()) {
            return Future.succeededFuture();
        }
        StripeSession session = written.stripe();
        SetupIntent intent = written.setupIntent();
        FollowUp.Kind kind = session == null ? FollowUp.Kind.READ_SETUP_INTENT : FollowUp.Kind.READ_SESSION;
        String subject = session == null ? Objects.requireNonNull(intent).id() : session.id();
        FollowUp reading = new FollowUp(kind, written.appId(), written.accountId(), subject);
        return FollowUpRows.add(connection, isHistory(seen) ? reading.inBackground() : reading);
    }

    /** Nobody waits for what a backfill finds, and it finds much at once. */
    private static boolean isHistory(Observation seen) {
        return seen.source() == Observation.Source.BACKFILL;
    }

    /**
     * An event says when a payment method was set up; a reading shows only that it was, some time after the session was
     * opened. Taking that time never sets a choice aside that may be newer; whoever knows better {@link #choose chooses}
     * once more.
     */
    private static Future<?> chooseWhatWasRead(
            SqlConnection connection, CheckoutSession known, Observation seen, CheckoutSession written) {
        StripeSession session = written.stripe();
        if (session == null || seen.source() == Observation.Source.EVENT || succeeded(known.setupIntent())) {
            return Future.succeededFuture();
        }
        return choose(connection, written, session.created(), isHistory(seen));
    }

    /** Makes the payment method that was set up in a session of ours, if one was, the customer's choice of that moment. */
    static Future<?> choose(SqlConnection connection, CheckoutSession ours, Instant at) {
        return choose(connection, ours, at, false);
    }

    private static Future<?> choose(SqlConnection connection, CheckoutSession ours, Instant at, boolean history) {
        SetupIntent intent = ours.setupIntent();
        StripeSession session = ours.stripe();
        if (ours.customerId() == null || intent == null || !succeeded(intent) || session == null) {
            return Future.succeededFuture();
        }
        String customer = session.customer();
        return customer == null
                ? Future.succeededFuture()
                : DefaultPaymentMethods.choose(
                        connection, ours.appId(), Choice.setUp(customer, intent.paymentMethodId(), at), history);
    }

    private static boolean succeeded(@Nullable SetupIntent intent) {
        return intent != null && "succeeded".equals(intent.status()) && intent.paymentMethodId() != null;
    }

    private static Future<CheckoutSession> one(Future<RowSet<Row>> written) {
        return written.map(rows -> SessionRow.toSession(rows.iterator().next()));
    }
}
