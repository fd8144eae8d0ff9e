package io.checkoutgateway.store;

import io.vertx.core.Future;
import io.vertx.sqlclient.SqlClient;
import java.util.Map;

/**
 * Begins follow-ups again because what stood in their way is gone, as a last step of the transaction that learnt of it.
 * It waits for no row: who holds a follow-up may want what this transaction holds, and renews the follow-up itself.
 */
final class FollowUpRevivals {
    /**
     * As if it had been wished for again: a new generation. What somebody is at stays theirs, and the new generation
     * makes it due when they end.
     */
    static final String AGAIN =
            """
            SET state = 'pending',
                generation = generation + 1,
                attempts = 0,
                begun = CASE WHEN f.state = 'pending' AND f.begun > 0 AND f.next_attempt_at > now()
                    THEN f.begun ELSE 0 END,
                next_attempt_at = CASE WHEN f.state = 'pending' AND f.begun > 0 AND f.next_attempt_at > now()
                    THEN f.next_attempt_at ELSE now() END
            """;

    /** Half a second's work of the transaction that gives an app its key; it must not end at a statement's time limit. */
    static final int AT_ONCE_MAX = 10_000;

    private static final String OF_ACCOUNT =
            again("account = #{account} AND app_id = #{app_id} FOR UPDATE SKIP LOCKED");

    /** One condition for each index, so that a backfill's millions, which are due already, are not walked through. */
    private static final String NEWS_OF_APP = ofApp(
            "state = 'pending' AND NOT (background OR kind = 'fetch_line_items') AND next_attempt_at > now()",
            "next_attempt_at, id");

    private static final String BACKGROUND_OF_APP = ofApp(
            "state = 'pending' AND (background OR kind = 'fetch_line_items') AND next_attempt_at > now()",
            "next_attempt_at, id");

    private static final String GIVEN_UP_OF_APP = ofApp("state = 'given_up'", "id");

    private FollowUpRevivals() {}

    /** Those of a disconnected account are left for its return. */
    private static String ofApp(String condition, String order) {
        return again(
                """
                app_id = #{app_id} AND %s
                  AND NOT EXISTS (
                      SELECT FROM connected_accounts k
                      WHERE k.account = waiting.account AND k.app_id = waiting.app_id
                        AND k.disconnected_at IS NOT NULL)
                ORDER BY %s
                LIMIT %d
                FOR UPDATE OF waiting SKIP LOCKED
                """
                        .formatted(condition, order, AT_ONCE_MAX));
    }

    private static String again(String which) {
        return """
            WITH wanted AS MATERIALIZED (SELECT id FROM follow_ups waiting WHERE %s)
            UPDATE follow_ups f
            %sFROM wanted
            WHERE f.id = wanted.id
            """
                .formatted(which, AGAIN);
    }

    /**
     * A connected account is back.
     *
     * @param account {@code app_id} and {@code account}; others are not looked at
     */
    static Future<Void> ofAccount(SqlClient connection, Map<String, Object> account) {
        return Postgres.on(connection, OF_ACCOUNT, account).mapEmpty();
    }

    /**
     * The app has another key: it may be what all of them waited for, those too that were given up, since a row says only
     * for people why. What Stripe refuses again is given up again with one call. Of each kind {@value #AT_ONCE_MAX} at
     * most; the others that wait come with their pauses.
     */
    static Future<Void> ofApp(SqlClient connection, String appId) {
        Map<String, Object> app = Map.of("app_id", appId);
        return Postgres.on(connection, NEWS_OF_APP, app)
                .compose(news -> Postgres.on(connection, BACKGROUND_OF_APP, app))
                .compose(background -> Postgres.on(connection, GIVEN_UP_OF_APP, app))
                .mapEmpty();
    }
}
