package io.checkoutgateway.store;

import io.vertx.core.Future;
import io.vertx.sqlclient.SqlClient;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** That all events of accounts are to be asked for, delivered or not, as a step of other classes' transactions. */
final class SweepWishes {
    /** How late an event may appear in Stripe's list, and how far its clock may be from ours, on the safe side. */
    private static final Duration OVERLAP = Duration.ofHours(1);

    /**
     * In the order of accounts, so that two of these do not wait for each other. Without a time it is where the account's
     * last sweep ended. For an account that is disconnected the wish waits until it returns, unless it was named.
     */
    private static final String WISH =
            """
            INSERT INTO catch_ups AS c (app_id, account, full_from)
            SELECT #{app_id}, k.account,
                   coalesce(#{since}::timestamptz, o.through, to_timestamp(0))
                       - make_interval(secs => #{overlap_seconds}::float8)
            FROM (SELECT '' AS account WHERE #{own} OR #{account}::text = ''
                  UNION ALL
                  SELECT account FROM connected_accounts
                  WHERE app_id = #{app_id} AND (#{connected} OR account = #{account}::text AND disconnected_at IS NULL)) k
            LEFT JOIN catch_ups o ON o.account = k.account AND o.app_id = #{app_id}
            ORDER BY k.account
            ON CONFLICT (account, app_id) DO UPDATE SET full_from = least(c.full_from, excluded.full_from)
            """;

    private static final String DUE =
            """
            UPDATE connected_accounts
            SET due_at = least(due_at, now())
            WHERE app_id = #{app_id} AND disconnected_at IS NULL AND (#{connected} OR account = #{account}::text)
            """;

    /** Only the account's own row is written. */
    private static final String WISH_SINCE_AWAY =
            """
            INSERT INTO catch_ups AS c (app_id, account, full_from)
            SELECT k.app_id, k.account,
                   least(k.disconnected_at, o.through) - make_interval(secs => #{overlap_seconds}::float8)
            FROM connected_accounts k
            LEFT JOIN catch_ups o ON o.account = k.account AND o.app_id = k.app_id
            WHERE k.app_id = #{app_id} AND k.account = #{account} AND k.disconnected_at IS NOT NULL
            ON CONFLICT (account, app_id) DO UPDATE SET full_from = least(c.full_from, excluded.full_from)
            """;

    private SweepWishes() {}

    /**
     * Of one account or all of an app.
     *
     * @param account the connected account, {@code ""} for the app's own; {@code null} for its own and all that are connected
     * @return whether there is any: one that is unknown or disconnected cannot be asked for
     */
    static Future<Boolean> since(SqlClient client, String appId, @Nullable String account, Instant since) {
        return wish(
                client,
                of(appId, since)
                        .and("account", account)
                        .and("own", account == null)
                        .and("connected", account == null)
                        .map());
    }

    /**
     * Of what one kind of endpoint hears of.
     *
     * @param connect whether of connected accounts, instead of the app's own
     * @param since {@code null} for where the last sweep of each account ended
     */
    static Future<Void> ofKind(SqlClient client, String appId, boolean connect, @Nullable Instant since) {
        return wish(
                        client,
                        of(appId, since)
                                .and("account", null)
                                .and("own", !connect)
                                .and("connected", connect)
                                .map())
                .mapEmpty();
    }

    /**
     * Of a disconnected account that returns: what it did meanwhile was to be delivered to nobody, so it is not listed as
     * undelivered. Before its row is locked, as everybody who writes a wish.
     */
    static Future<Void> sinceAway(SqlClient client, String appId, String account) {
        return Postgres.on(
                        client,
                        WISH_SINCE_AWAY,
                        Parameters.of("app_id", appId)
                                .and("account", account)
                                .and("overlap_seconds", overlapSeconds())
                                .map())
                .mapEmpty();
    }

    /** How much earlier than what is in doubt a wish begins. */
    static double overlapSeconds() {
        return OVERLAP.toSeconds();
    }

    private static Parameters of(String appId, @Nullable Instant since) {
        return Parameters.of("app_id", appId)
                .and("since", since == null ? null : Rows.utc(since))
                .and("overlap_seconds", overlapSeconds());
    }

    private static Future<Boolean> wish(SqlClient client, Map<String, Object> parameters) {
        return Postgres.on(client, WISH, parameters)
                .compose(wished -> Postgres.on(client, DUE, parameters).map(wished.rowCount() > 0));
    }
}
