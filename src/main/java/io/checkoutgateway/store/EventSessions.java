package io.checkoutgateway.store;

import io.checkoutgateway.checkout.SetupIntent;
import io.checkoutgateway.checkout.StripeSession;
import io.checkoutgateway.events.Meaning;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import java.util.Optional;

/** Which row an event is about, as a step of the transaction that settles it. */
final class EventSessions {
    private static final String FIND_BY_SETUP_INTENT =
            """
            SELECT id FROM checkout_sessions
            WHERE app_id = #{app_id} AND (setup_intent_id = #{setup_intent_id}
                  OR (id = #{id} AND setup_intent_id IS NULL))
            LIMIT 1
            """;

    private EventSessions() {}

    static Future<Optional<String>> find(SqlConnection connection, TakenEvent taken, Meaning.Seen seen) {
        StripeSession session = seen.observation().session();
        if (session != null) {
            return ForeignSessions.rowOf(connection, taken.appId(), taken.namespace(), taken.accountId(), session);
        }
        SetupIntent intent = seen.observation().setupIntent();
        Parameters parameters = Parameters.of("app_id", taken.appId())
                .and("setup_intent_id", intent == null ? null : intent.id())
                .and("id", seen.gatewaySessionId());
        return idOf(connection, FIND_BY_SETUP_INTENT, parameters)
                .compose(known -> known.isPresent()
                        ? Future.succeededFuture(known)
                        // The session may be on its way, and hears this again when it comes; unless it came just now.
                        : ForeignSessions.inTurn(connection, parameters)
                                .compose(alone -> idOf(connection, FIND_BY_SETUP_INTENT, parameters)));
    }

    private static Future<Optional<String>> idOf(SqlConnection connection, String sql, Parameters parameters) {
        return Postgres.on(connection, sql, parameters.map())
                .map(rows -> Rows.first(rows).map(row -> row.getString("id")));
    }
}
