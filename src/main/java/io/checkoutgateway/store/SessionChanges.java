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

    /** What goes with each change. */
    private static final String ANNOUNCE =
            """
            ), noted AS (
                INSERT INTO checkout_session_transitions (
                    session_id, sequence, from_status, to_status, reason, source, event_id, occurred_at, setup_error,
                    held_back)
                SELECT id, version, #{from_status}, status, #{reason}, #{source}, #{event_id}, #{occurred_at},
                       CASE WHEN #{setup_failed} THEN setup_error END, #{held_back}::boolean
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

    private static final String WRITE =
            """
            WITH changed AS (
                UPDATE checkout_sessions
                SET status = #{status},
                    failure_code = CASE WHEN #{status} = 'failed' THEN failure_code END,
                    failure_detail = CASE WHEN #{status} = 'failed' THEN failure_detail END,
                    stripe = coalesce(#{stripe}, stripe),
                    stripe_as_of = #{stripe_as_of},
                    stripe_session_id = coalesce(#{stripe_session_id}, stripe_session_id),
                    stripe_customer_id = coalesce(#{stripe_customer_id}, stripe_customer_id),
                    mode = coalesce(#{mode}, mode),
                    ui_mode = coalesce(#{ui_mode}, ui_mode),
                    payment_status = coalesce(#{payment_status}, payment_status),
                    currency = coalesce(#{currency}, currency),
                    payment_intent_id = coalesce(#{payment_intent_id}, payment_intent_id),
                    subscription_id = coalesce(#{subscription_id}, subscription_id),
                    client_reference_id = coalesce(#{client_reference_id}, client_reference_id),
                    customer_email = coalesce(#{customer_email}, customer_email),
                    locale = coalesce(#{locale}, locale),
                    success_url = coalesce(#{success_url}, success_url),
                    cancel_url = coalesce(#{cancel_url}, cancel_url),
                    billing_address_collection = coalesce(#{billing_address_collection}, billing_address_collection),
                    submit_type = coalesce(#{submit_type}, submit_type),
                    metadata = coalesce(#{metadata}, metadata),
                    stripe_created_at = coalesce(#{stripe_created_at}, stripe_created_at),
                    expires_at = coalesce(#{expires_at}, expires_at),
                    setup_intent_id = #{setup_intent_id},
                    setup_intent_status = #{setup_intent_status},
                    payment_method_id = #{payment_method_id},
                    setup_error = #{setup_error},
                    setup_intent_as_of = #{setup_intent_as_of},
                    completed_at = CASE
                        WHEN #{status} = 'complete' THEN coalesce(completed_at, #{occurred_at}) END,
                    updated_at = now(),
                    version = version + 1
                WHERE id = #{id}
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
                    setup_intent_status, payment_method_id, setup_error, setup_intent_as_of, completed_at, version,
            """
                    + String.join(", ", SessionColumns.NAMES)
                    + """
            )
                VALUES (
                    #{id}, #{namespace}, #{app_id}, #{account_id}, #{livemode}, #{status}, #{stripe_as_of},
                    #{setup_intent_id}, #{setup_intent_status}, #{payment_method_id}, #{setup_error},
                    #{setup_intent_as_of}, CASE WHEN #{status} = 'complete' THEN #{occurred_at}::timestamptz END, 1,
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

    private static final String CONFIRM =
            """
            UPDATE checkout_sessions
            SET stripe_as_of = #{stripe_as_of}, setup_intent_as_of = #{setup_intent_as_of}
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
        return seen.source() == Observation.Source.EVENT
                        && known.version() == 1
                        && known.status().terminal()
                ? Postgres.on(connection, ANNOUNCE_HELD_BACK, Map.of("id", known.id()))
                : Future.succeededFuture();
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
        boolean history =
                seen.source() == Observation.Source.BACKFILL && change.status().terminal();
        Parameters row = noted(SessionRow.toParameters(blank, change), blank, change, seen)
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
                    .filter(row -> row.getLong("version") == compared.version())
                    .isPresent();
            return same ? write(connection, compared, change, seen).map(true) : Future.succeededFuture(false);
        });
    }

    private static Future<CheckoutSession> write(SqlConnection connection, CheckoutSession known, Observation seen) {
        Optional<Change> change = Change.of(known, seen);
        if (change.isEmpty()) {
            return Future.succeededFuture(known);
        }
        return change.get().confirms(known)
                ? one(Postgres.on(
                        connection,
                        CONFIRM,
                        SessionRow.toParameters(known, change.get()).map()))
                : write(connection, known, change.get(), seen);
    }

    private static Future<CheckoutSession> write(
            SqlConnection connection, CheckoutSession known, Change change, Observation seen) {
        Parameters state = noted(SessionRow.toParameters(known, change), known, change, seen)
                .and("held_back", false);
        return one(Postgres.on(connection, WRITE, state.map()))
                .compose(written ->
                        follow(connection, known, change, seen, written).map(written));
    }

    private static Parameters noted(Parameters state, CheckoutSession known, Change change, Observation seen) {
        return state.and("from_status", known.status().word())
                .and("reason", seen.reason())
                .and("source", seen.source().name().toLowerCase(Locale.ROOT))
                .and("event_id", seen.eventId())
                .and("occurred_at", Rows.utc(seen.asOf()))
                .and("setup_failed", !Objects.equals(errorOf(known.setupIntent()), errorOf(change.setupIntent())));
    }

    private static @Nullable SetupError errorOf(@Nullable SetupIntent intent) {
        return intent == null ? null : intent.lastError();
    }

    /** What a change calls for besides itself. */
    private static Future<?> follow(
            SqlConnection connection, CheckoutSession known, Change change, Observation seen, CheckoutSession written) {
        return Future.all(readAgain(connection, change, written), chooseWhatWasRead(connection, known, seen, written));
    }

    private static Future<?> readAgain(SqlConnection connection, Change change, CheckoutSession written) {
        if (!change.undecided()) {
            return Future.succeededFuture();
        }
        StripeSession session = written.stripe();
        SetupIntent intent = written.setupIntent();
        FollowUp.Kind kind = session == null ? FollowUp.Kind.READ_SETUP_INTENT : FollowUp.Kind.READ_SESSION;
        String subject = session == null ? Objects.requireNonNull(intent).id() : session.id();
        return FollowUpRows.add(connection, new FollowUp(kind, written.appId(), written.accountId(), subject));
    }

    /**
     * An event says when a payment method was set up; a reading shows only that it was, some time after the session was
     * opened. Taking that time never sets a choice aside that may be newer.
     */
    private static Future<?> chooseWhatWasRead(
            SqlConnection connection, CheckoutSession known, Observation seen, CheckoutSession written) {
        SetupIntent intent = written.setupIntent();
        StripeSession session = written.stripe();
        boolean readToHaveSucceeded = seen.source() != Observation.Source.EVENT
                && written.customerId() != null
                && succeeded(intent)
                && !succeeded(known.setupIntent());
        if (!readToHaveSucceeded || session == null || intent == null || session.customer() == null) {
            return Future.succeededFuture();
        }
        return DefaultPaymentMethods.choose(
                connection,
                written.appId(),
                new Choice(session.customer(), intent.paymentMethodId(), session.created(), Choice.By.SET_UP));
    }

    private static boolean succeeded(@Nullable SetupIntent intent) {
        return intent != null && "succeeded".equals(intent.status()) && intent.paymentMethodId() != null;
    }

    private static Future<CheckoutSession> one(Future<RowSet<Row>> written) {
        return written.map(rows -> SessionRow.toSession(rows.iterator().next()));
    }
}
