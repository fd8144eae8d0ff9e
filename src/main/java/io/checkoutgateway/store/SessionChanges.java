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
                    session_id, sequence, from_status, to_status, reason, source, event_id, occurred_at, setup_error)
                SELECT id, version, #{from_status}, status, #{reason}, #{source}, #{event_id}, #{occurred_at},
                       CASE WHEN #{setup_failed} THEN setup_error END
                FROM changed
            ), announced AS (
                INSERT INTO outbox (namespace, session_id, sequence, payment_status, setup_intent_status)
                SELECT namespace, id, version, payment_status, setup_intent_status FROM changed
            )
            SELECT * FROM changed
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
        return write(connection, locked, seen).compose(now -> FollowUpRows.addLineItems(connection, locked, now, seen)
                .map(now));
    }

    /**
     * Adds a session that another service made, as it was seen.
     *
     * @param blank what is known of it beside that
     * @return empty, and nothing is done, when somebody else has added it meanwhile
     */
    static Future<Optional<CheckoutSession>> add(SqlConnection connection, CheckoutSession blank, Observation seen) {
        Change change = Change.of(blank, seen).orElseThrow();
        Parameters row = noted(SessionRow.toParameters(blank, change), blank, change, seen)
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
        Parameters state = noted(SessionRow.toParameters(known, change), known, change, seen);
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
     * opened. Taking that time never sets a choice aside that may be newer; whoever knows better {@link #choose chooses}
     * once more.
     */
    private static Future<?> chooseWhatWasRead(
            SqlConnection connection, CheckoutSession known, Observation seen, CheckoutSession written) {
        StripeSession session = written.stripe();
        if (session == null || seen.source() == Observation.Source.EVENT || succeeded(known.setupIntent())) {
            return Future.succeededFuture();
        }
        return choose(connection, written, session.created());
    }

    /** Makes the payment method that was set up in a session of ours, if one was, the customer's choice of that moment. */
    static Future<?> choose(SqlConnection connection, CheckoutSession ours, Instant at) {
        SetupIntent intent = ours.setupIntent();
        StripeSession session = ours.stripe();
        if (ours.customerId() == null || intent == null || !succeeded(intent) || session == null) {
            return Future.succeededFuture();
        }
        String customer = session.customer();
        return customer == null
                ? Future.succeededFuture()
                : DefaultPaymentMethods.choose(
                        connection, ours.appId(), Choice.setUp(customer, intent.paymentMethodId(), at));
    }

    private static boolean succeeded(@Nullable SetupIntent intent) {
        return intent != null && "succeeded".equals(intent.status()) && intent.paymentMethodId() != null;
    }

    private static Future<CheckoutSession> one(Future<RowSet<Row>> written) {
        return written.map(rows -> SessionRow.toSession(rows.iterator().next()));
    }
}
