package io.checkoutgateway.store;

import io.checkoutgateway.followup.FollowUp;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;

/** Writes down what is to be done at Stripe, as a step of the transaction that calls for it. */
final class FollowUpRows {
    private static final String ADD =
            """
            INSERT INTO follow_ups (app_id, kind, subject, account)
            SELECT #{app_id}, #{kind}, #{subject}, nullif(#{account}, stripe_account_id) FROM apps WHERE id = #{app_id}
            ON CONFLICT (app_id, kind, subject) DO UPDATE
            SET generation = follow_ups.generation + 1, state = 'pending', attempts = 0,
                next_attempt_at = CASE WHEN follow_ups.state = 'given_up' OR follow_ups.outcome IS NOT NULL
                    THEN now() ELSE follow_ups.next_attempt_at END
            """;

    private FollowUpRows() {}

    /** Calls for it, once; an account that is the app's own goes without saying. */
    static Future<Void> add(SqlConnection connection, FollowUp wanted) {
        return Postgres.on(
                        connection,
                        ADD,
                        Parameters.of("app_id", wanted.appId())
                                .and("kind", wanted.kind().word())
                                .and("subject", wanted.subject())
                                .and("account", wanted.account())
                                .map())
                .mapEmpty();
    }
}
