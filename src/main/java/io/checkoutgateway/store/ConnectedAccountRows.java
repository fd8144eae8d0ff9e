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
    /** That an account is connected is written when it is news, else once an hour: events of one may be many a second. */
    private static final String NEWS =
            """
            SELECT k.disconnected_at IS NOT NULL AS disconnected
            FROM apps own
            LEFT JOIN connected_accounts k ON k.app_id = own.id AND k.account = #{account}
            WHERE own.id = #{app_id}
              AND own.stripe_account_id IS DISTINCT FROM #{account}
              AND (k.account IS NULL
                   OR k.disconnected_at < coalesce(#{at}, now())
                   OR (k.disconnected_at IS NULL AND k.seen_at < coalesce(#{at}, now()) - interval '1 hour'))
            """;

    private static final String NOTE =
            """
            INSERT INTO connected_accounts AS k (app_id, account, seen_at)
            VALUES (#{app_id}, #{account}, coalesce(#{at}, now()))
            ON CONFLICT (account, app_id) DO UPDATE SET seen_at = greatest(k.seen_at, excluded.seen_at)
            """;

    private static final String LOCK_DISCONNECTED =
            """
            SELECT to_jsonb(k)::text AS snapshot
            FROM connected_accounts k
            WHERE app_id = #{app_id} AND account = #{account} AND disconnected_at < coalesce(#{at}, now())
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

    /** Stripe's times are whole seconds: of what was seen in that second, nobody knows which came first. */
    private static final String LOCK_CONNECTED =
            """
            SELECT to_jsonb(k)::text AS snapshot
            FROM connected_accounts k
            WHERE app_id = #{app_id} AND account = #{account} AND disconnected_at IS NULL
              AND date_trunc('second', seen_at) <= coalesce(#{at}, now())
            FOR UPDATE
            """;

    private static final String DISCONNECT =
            """
            UPDATE connected_accounts k
            SET disconnected_at = coalesce(#{at}, now()), disconnected_by = #{by}
            WHERE app_id = #{app_id} AND account = #{account}
            RETURNING to_jsonb(k)::text AS snapshot
            """;

    /** How it was found out that an account is disconnected; the table's words. */
    static final String DEAUTHORIZED = "deauthorized";

    static final String REFUSED = "refused";

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
                        ? around(connection, actor, "connected", LOCK_DISCONNECTED, CONNECT, parameters)
                                .<Void>mapEmpty()
                        : Postgres.on(connection, NOTE, parameters).<Void>mapEmpty())
                .orElseGet(Future::succeededFuture));
    }

    /**
     * The account was not connected at this moment.
     *
     * @param at by Stripe's clock; {@code null} for now
     * @return whether that was news: not of an account that nobody knows, nor of one that was seen later
     */
    static Future<Boolean> gone(
            SqlClient connection, Actor actor, String appId, String account, @Nullable Instant at, String by) {
        Map<String, Object> parameters = of(appId, account, at).and("by", by).map();
        return around(connection, actor, "disconnected", LOCK_CONNECTED, DISCONNECT, parameters);
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
