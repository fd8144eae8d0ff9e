package io.checkoutgateway.store;

import io.checkoutgateway.audit.Actor;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlClient;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What tells that an account is connected or not, as the last step of the transaction that learnt of it: who waits for
 * another's note of the same account holds nothing by then that the other may want.
 */
final class ConnectedAccountRows {
    /**
     * That an account is connected is written when it is news, else once an hour, since events of one may be many a
     * second; while it is doubted, always. Stripe's times are whole seconds: of what happened in the same one, nobody
     * knows which came first, and the account is taken for connected.
     */
    private static final String NEWS =
            """
            SELECT k.disconnected_at IS NOT NULL AS disconnected
            FROM apps own
            LEFT JOIN connected_accounts k ON k.app_id = own.id AND k.account = #{account}
            WHERE own.id = #{app_id}
              AND own.stripe_account_id IS DISTINCT FROM #{account}
              AND (k.account IS NULL
                   OR date_trunc('second', k.disconnected_at) <= coalesce(#{at}, now())
                   OR (k.disconnected_at IS NULL AND k.seen_at < coalesce(#{at}, now()) - interval '1 hour')
                   OR (k.doubted_at IS NOT NULL AND k.seen_at < coalesce(#{at}, now())))
            """;

    private static final String NOTE =
            """
            INSERT INTO connected_accounts AS k (app_id, account, seen_at)
            VALUES (#{app_id}, #{account}, coalesce(#{at}, now()))
            ON CONFLICT (account, app_id) DO UPDATE
            SET seen_at = greatest(k.seen_at, excluded.seen_at),
                doubted_at = CASE WHEN excluded.seen_at > k.doubted_at THEN NULL ELSE k.doubted_at END,
                doubted_by = CASE WHEN excluded.seen_at > k.doubted_at THEN NULL ELSE k.doubted_by END
            """;

    private static final String LOCK_DISCONNECTED =
            """
            SELECT to_jsonb(k)::text AS snapshot
            FROM connected_accounts k
            WHERE app_id = #{app_id} AND account = #{account}
              AND date_trunc('second', disconnected_at) <= coalesce(#{at}, now())
            FOR UPDATE
            """;

    private static final String CONNECT =
            """
            UPDATE connected_accounts k
            SET disconnected_at = NULL, disconnected_by = NULL, due_at = now(),
                seen_at = greatest(seen_at, coalesce(#{at}, now()))
            WHERE app_id = #{app_id} AND account = #{account}
            RETURNING to_jsonb(k)::text AS snapshot
            """;

    /** The event's word is the better reason of the two. */
    private static final String DOUBT =
            """
            UPDATE connected_accounts
            SET doubted_at = coalesce(doubted_at, now()), doubted_by = #{by}, due_at = least(due_at, now())
            WHERE app_id = #{app_id} AND account = #{account} AND disconnected_at IS NULL
              AND date_trunc('second', seen_at) <= #{at}
              AND (doubted_at IS NULL OR (doubted_by = 'refused' AND #{by}::text = 'deauthorized'))
            RETURNING account
            """;

    private static final String LOCK_DOUBTED =
            """
            SELECT to_jsonb(k)::text AS snapshot
            FROM connected_accounts k
            WHERE app_id = #{app_id} AND account = #{account} AND doubted_at < #{at} AND seen_at <= #{at}
            FOR UPDATE
            """;

    /** Never later than now: by the clock of whoever made the call, signs of the next minutes would be of before. */
    private static final String DISCONNECT =
            """
            UPDATE connected_accounts k
            SET disconnected_at = least(#{at}, now()), disconnected_by = doubted_by, doubted_at = NULL, doubted_by = NULL,
                due_at = now() + interval '1 hour'
            WHERE app_id = #{app_id} AND account = #{account}
            RETURNING to_jsonb(k)::text AS snapshot
            """;

    private static final String PROBE_REFUSED =
            """
            UPDATE connected_accounts SET due_at = now() WHERE app_id = #{app_id} AND disconnected_by = 'refused'
            """;

    /** Why an account is taken for disconnected; the table's words. */
    private static final String DEAUTHORIZED = "deauthorized";

    private static final String REFUSED = "refused";

    private ConnectedAccountRows() {}

    /**
     * The account was connected at this moment.
     *
     * @param actor whom a new connection of a disconnected account is put down to
     * @param at by Stripe's clock; {@code null} for now
     */
    static Future<Void> seen(SqlClient connection, Actor actor, String appId, String account, @Nullable Instant at) {
        Map<String, Object> parameters = of(appId, account, at).map();
        return Postgres.on(connection, NEWS, parameters).compose(rows -> Rows.first(rows)
                .map(row -> row.getBoolean("disconnected")
                        ? SweepWishes.sinceAway(connection, appId, account)
                                .compose(wished -> connect(connection, actor, parameters))
                        : Postgres.on(connection, NOTE, parameters).<Void>mapEmpty())
                .orElseGet(Future::succeededFuture));
    }

    private static Future<Void> connect(SqlClient connection, Actor actor, Map<String, Object> parameters) {
        return around(connection, actor, "connected", LOCK_DISCONNECTED, CONNECT, parameters)
                .compose(connected ->
                        connected ? FollowUpRevivals.ofAccount(connection, parameters) : Future.succeededFuture());
    }

    /**
     * An event says that the account disconnected then. It may have come late, after the account's return: Stripe is
     * asked in its name next, and its answer decides.
     *
     * @return whether that was news: not of an account that nobody knows, nor of one that was seen later
     */
    static Future<Boolean> deauthorized(SqlClient connection, String appId, String account, Instant at) {
        return doubt(connection, of(appId, account, at).and("by", DEAUTHORIZED).map());
    }

    /**
     * Stripe refused a call in the account's name. The first time, that only raises a doubt, since the account may have
     * been seen later than its row says; from then on all that is seen of it is written down, and a call that was made
     * after the doubt is believed.
     *
     * @param asOf just before the call was made
     * @return whether the account is disconnected because of it
     */
    static Future<Boolean> refused(SqlClient connection, Actor actor, String appId, String account, Instant asOf) {
        Map<String, Object> parameters =
                of(appId, account, asOf).and("by", REFUSED).map();
        return around(connection, actor, "disconnected", LOCK_DOUBTED, DISCONNECT, parameters)
                .compose(disconnected -> disconnected
                        ? Future.succeededFuture(true)
                        : doubt(connection, parameters).map(false));
    }

    private static Future<Boolean> doubt(SqlClient connection, Map<String, Object> parameters) {
        return Postgres.on(connection, DOUBT, parameters)
                .map(rows -> Rows.first(rows).isPresent());
    }

    /**
     * The app has another key: accounts that the last one had no access to are asked for once, at once, and what failed
     * with that key, or was not found with it, is tried again. A last step.
     */
    static Future<Void> keyChanged(SqlClient connection, String appId) {
        return Postgres.on(connection, PROBE_REFUSED, Map.of("app_id", appId))
                .compose(due -> FollowUpRevivals.ofApp(connection, appId))
                .compose(revived -> LostSessions.readAgain(connection, appId));
    }

    private static Future<Boolean> around(
            SqlClient connection,
            Actor actor,
            String deed,
            String lock,
            String change,
            Map<String, Object> parameters) {
        String resource = "connected_account:" + parameters.get("app_id") + "/" + parameters.get("account");
        return AuditRows.around(connection, actor, "connected_account." + deed, resource, lock, change, parameters)
                .map(Optional::isPresent);
    }

    private static Parameters of(String appId, String account, @Nullable Instant at) {
        return Parameters.of("app_id", appId).and("account", account).and("at", Rows.utc(at));
    }
}
