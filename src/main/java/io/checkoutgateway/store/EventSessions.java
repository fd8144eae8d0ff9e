package io.checkoutgateway.store;

import io.checkoutgateway.checkout.CheckoutSession;
import io.checkoutgateway.checkout.Observation;
import io.checkoutgateway.checkout.Payment;
import io.checkoutgateway.checkout.SetupIntent;
import io.checkoutgateway.events.Meaning;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import java.util.Objects;
import java.util.Optional;

/** Applies what an event says to the row that it is about, as a step of the transaction that settles it. */
final class EventSessions {
    private static final String FIND_BY_SETUP_INTENT = "SELECT " + SessionRow.COLUMNS
            + """
            FROM checkout_sessions
            WHERE app_id = #{app_id} AND (setup_intent_id = #{followed}
                  OR (id = #{id} AND setup_intent_id IS NULL AND
            """
            + ForeignSessions.SAME_ACCOUNT
            + """
            ))
            LIMIT 1
            FOR UPDATE
            """;

    private static final String FIND_BY_PAYMENT_INTENT = findBy("payment_intent_id");
    private static final String FIND_BY_SUBSCRIPTION = findBy("subscription_id");
    private static final String SUBSCRIPTIONS = "sub_";

    private EventSessions() {}

    private static String findBy(String column) {
        return "SELECT " + SessionRow.COLUMNS
                + """
                FROM checkout_sessions
                WHERE app_id = #{app_id} AND %s = #{followed}
                LIMIT 1
                FOR UPDATE
                """
                        .formatted(column);
    }

    /** The session as it is afterwards; empty when the event is about none that is kept here. */
    static Future<Optional<CheckoutSession>> apply(SqlConnection connection, TakenEvent taken, Meaning.Seen seen) {
        Observation observation = seen.observation();
        if (observation.session() != null) {
            return ForeignSessions.apply(connection, taken.appId(), taken.namespace(), taken.accountId(), observation);
        }
        Payment payment = observation.payment();
        Future<Optional<CheckoutSession>> found =
                payment == null ? ofSetupIntent(connection, taken, seen) : ofPayment(connection, taken, payment.id());
        return found.compose(session -> session.map(row ->
                        SessionChanges.apply(connection, row, observation).map(Optional::of))
                .orElseGet(() -> Future.succeededFuture(Optional.empty())));
    }

    private static Future<Optional<CheckoutSession>> ofSetupIntent(
            SqlConnection connection, TakenEvent taken, Meaning.Seen seen) {
        SetupIntent intent = Objects.requireNonNull(seen.observation().setupIntent(), "one of the three was seen");
        Parameters parameters = Parameters.of("app_id", taken.appId())
                .and("account_id", taken.accountId())
                .and("followed", intent.id())
                .and("id", seen.gatewaySessionId());
        return locked(connection, new Turn(taken.appId(), intent.id()), FIND_BY_SETUP_INTENT, parameters);
    }

    /**
     * Locks the session that is paid through this.
     *
     * @param paymentId {@code pi_…} or {@code sub_…}
     */
    static Future<Optional<CheckoutSession>> ofPayment(SqlConnection connection, TakenEvent taken, String paymentId) {
        return locked(
                connection,
                new Turn(taken.appId(), paymentId),
                paymentId.startsWith(SUBSCRIPTIONS) ? FIND_BY_SUBSCRIPTION : FIND_BY_PAYMENT_INTENT,
                Parameters.of("app_id", taken.appId()).and("followed", paymentId));
    }

    /** The session may be on its way, and has this heard again when it comes; unless it came just now. */
    private static Future<Optional<CheckoutSession>> locked(
            SqlConnection connection, Turn turn, String sql, Parameters parameters) {
        return find(connection, sql, parameters)
                .compose(known -> known.isPresent()
                        ? Future.succeededFuture(known)
                        : turn.take(connection, Observation.Source.EVENT)
                                .compose(alone -> find(connection, sql, parameters)));
    }

    private static Future<Optional<CheckoutSession>> find(SqlConnection connection, String sql, Parameters parameters) {
        return Postgres.on(connection, sql, parameters.map())
                .map(rows -> Rows.first(rows).map(SessionRow::toSession));
    }
}
