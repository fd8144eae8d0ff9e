package io.checkoutgateway.store;

import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import java.util.Map;

/** How an uninstalled app comes back when its account is installed again, as steps of the transaction that begins it. */
final class AppReturns {
    /** Of several, from before apps came back, the last one. */
    static final String FORMER =
            """
            SELECT id
            FROM apps
            WHERE namespace = #{namespace} AND stripe_account_id = #{account_id} AND livemode = #{livemode}
              AND type = #{type} AND NOT configured AND deleted_at IS NOT NULL
            ORDER BY deleted_at DESC
            LIMIT 1
            """;

    private static final String LOCK =
            "SELECT deleted_at FROM apps WHERE id = #{id} AND deleted_at IS NOT NULL FOR UPDATE";

    /** Whoever was still removing it is fenced off. */
    private static final String RETURN =
            """
            UPDATE apps
            SET state = 'installing', deleted_at = NULL, returned_at = now(), name = #{name}, description = NULL,
                labels = '{}', masked_api_key = #{masked_api_key}, billing_profile = #{billing_profile},
                asked_by = #{asked_by}, asked_with = #{asked_with}, updated_at = now(), version = version + 1,
                due_at = now() + make_interval(secs => #{lease_seconds}::float8), lease = nextval('create_leases'),
                attempts = 1
            WHERE id = #{id}
            """;

    /** Endpoints that are still there are removed once the app is ready. */
    private static final String RETIRE = "UPDATE app_webhooks SET retire_at = now() WHERE app_id = #{id}";

    private static final String FORGET_SECRETS = "DELETE FROM app_secrets WHERE app_id = #{id}";

    /** They tell of the endpoints that it had. */
    private static final String FORGET_STANDINGS = "DELETE FROM webhook_standings WHERE app_id = #{id}";

    private AppReturns() {}

    /**
     * Brings the app back, if it was there before; the namespace's apps are locked. What its accounts did while it was gone
     * was to be delivered to nobody, so all of it is wished for.
     *
     * @param parameters as of an app that is added
     * @return whether it was there before
     */
    static Future<Boolean> of(SqlConnection connection, String id, Map<String, Object> parameters) {
        return Postgres.on(connection, LOCK, parameters).compose(found -> Rows.first(found)
                .map(gone -> bringBack(connection, id, gone, parameters).map(true))
                .orElseGet(() -> Future.succeededFuture(false)));
    }

    private static Future<Void> bringBack(
            SqlConnection connection, String id, Row gone, Map<String, Object> parameters) {
        return Postgres.on(connection, RETURN, parameters)
                .compose(returned -> Postgres.on(connection, RETIRE, parameters))
                .compose(retired -> Postgres.on(connection, FORGET_SECRETS, parameters))
                .compose(forgotten -> Postgres.on(connection, FORGET_STANDINGS, parameters))
                .compose(forgotten -> PgIdempotencyKeys.release(connection, id))
                .compose(released -> SweepWishes.since(connection, id, null, Rows.instantOf(gone, "deleted_at")))
                .mapEmpty();
    }
}
