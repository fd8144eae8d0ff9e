package io.checkoutgateway.store;

import io.vertx.core.Future;
import io.vertx.sqlclient.SqlClient;
import java.util.Map;

/** Sessions that Stripe did not know when it was asked for them, which it may have been with a key of another account. */
final class LostSessions {
    /** As many as a transaction that gives an app its key may hold up; a right key loses none. */
    private static final int AT_ONCE_MAX = 10_000;

    /** One that should have ended is due as if it had never been read, one with an open end for as long as those are. */
    private static final String READ_AGAIN =
            """
            UPDATE checkout_sessions
            SET overdue_read_at = NULL,
                read_due_at = CASE WHEN status = 'complete' AND stripe_created_at > now() -
            """
                    + SessionChanges.OPEN_ENDS_MAX
                    + """
                    THEN now() END
            WHERE id IN (
                SELECT id FROM checkout_sessions
                WHERE app_id = #{app_id} AND overdue_read_at = 'infinity'
                LIMIT %d
                FOR UPDATE SKIP LOCKED)
            """
                            .formatted(AT_ONCE_MAX);

    private LostSessions() {}

    /** Has them read once more. */
    static Future<Void> readAgain(SqlClient connection, String appId) {
        return Postgres.on(connection, READ_AGAIN, Map.of("app_id", appId)).mapEmpty();
    }
}
