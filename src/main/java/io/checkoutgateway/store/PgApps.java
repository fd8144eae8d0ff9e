package io.checkoutgateway.store;

import io.checkoutgateway.apps.AppStore;
import io.vertx.core.Future;
import java.util.Map;

/** Apps in Postgres. */
public final class PgApps implements AppStore {
    private static final String ADD_CONFIGURED =
            """
            INSERT INTO apps (id, namespace, type, livemode, configured)
            VALUES (#{id}, #{namespace}, 'stripe', #{livemode}, true)
            ON CONFLICT (namespace, livemode) WHERE configured DO NOTHING
            """;

    private static final String FIND_CONFIGURED =
            """
            SELECT id, namespace, stripe_account_id, livemode
            FROM apps
            WHERE namespace = #{namespace} AND livemode = #{livemode} AND configured
            """;

    private static final String REMEMBER_ACCOUNT =
            """
            UPDATE apps SET stripe_account_id = #{account_id} WHERE id = #{id}
            """;

    private final Postgres postgres;

    public PgApps(Postgres postgres) {
        this.postgres = postgres;
    }

    @Override
    public Future<Row> ensureConfigured(String id, String namespace, boolean livemode) {
        Map<String, Object> parameters = Map.of("id", id, "namespace", namespace, "livemode", livemode);
        return postgres.query(ADD_CONFIGURED, parameters)
                .compose(added -> postgres.query(FIND_CONFIGURED, parameters))
                .map(rows -> toRow(rows.iterator().next()));
    }

    @Override
    public Future<Void> rememberAccount(String id, String accountId) {
        return postgres.query(REMEMBER_ACCOUNT, Map.of("id", id, "account_id", accountId))
                .mapEmpty();
    }

    private static Row toRow(io.vertx.sqlclient.Row row) {
        return new Row(
                row.getString("id"),
                row.getString("namespace"),
                row.getString("stripe_account_id"),
                row.getBoolean("livemode"));
    }
}
