package io.checkoutgateway.store;

import io.checkoutgateway.checkout.CheckoutSession;
import io.checkoutgateway.checkout.Observation;
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
            WHERE app_id = #{app_id} AND (setup_intent_id = #{setup_intent_id}
                  OR (id = #{id} AND setup_intent_id IS NULL AND
            """
            + ForeignSessions.SAME_ACCOUNT
            + """
            ))
            LIMIT 1
            FOR UPDATE
            """;

    private EventSessions() {}

    /** The session as it is afterwards; empty when the event is about none that is kept here. */
    static Future<Optional<CheckoutSession>> apply(SqlConnection connection, TakenEvent taken, Meaning.Seen seen) {
        Observation observation = seen.observation();
        if (observation.session() != null) {
            return ForeignSessions.apply(connection, taken.appId(), taken.namespace(), taken.accountId(), observation);
        }
        SetupIntent intent = Objects.requireNonNull(observation.setupIntent(), "one of the two was seen");
        Parameters parameters = Parameters.of("app_id", taken.appId())
                .and("account_id", taken.accountId())
                .and("setup_intent_id", intent.id())
                .and("id", seen.gatewaySessionId());
        return find(connection, parameters, observation)
                .compose(known -> known.isPresent()
                        ? Future.succeededFuture(known)
                        // The session may be on its way, and hears this again when it comes; unless it came just now.
                        : ForeignSessions.inTurn(connection, parameters)
                                .compose(alone -> find(connection, parameters, observation)));
    }

    private static Future<Optional<CheckoutSession>> find(
            SqlConnection connection, Parameters parameters, Observation seen) {
        return Postgres.on(connection, FIND_BY_SETUP_INTENT, parameters.map()).compose(rows -> Rows.first(rows)
                .map(row -> SessionChanges.apply(connection, SessionRow.toSession(row), seen)
                        .map(Optional::of))
                .orElseGet(() -> Future.succeededFuture(Optional.empty())));
    }
}
