package io.checkoutgateway.store;

import io.checkoutgateway.audit.Actor;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import java.util.Map;

/** The mark of the app that serves a namespace's customers, as steps of transactions that hold the namespace's lock. */
final class DefaultAppRows {
    private static final String LOCK =
            "SELECT to_jsonb(a)::text AS snapshot FROM apps a WHERE id = #{id} AND is_default FOR UPDATE";

    private static final String DISPLACE =
            """
            UPDATE apps a
            SET is_default = false, updated_at = now(), version = version + 1
            WHERE id = #{id}
            RETURNING to_jsonb(a)::text AS snapshot
            """;

    private DefaultAppRows() {}

    /** Takes the mark from this app, for another one; whoever chose that has displaced this one. */
    static Future<Void> displace(SqlConnection connection, Actor actor, String appId) {
        return AuditRows.around(
                        connection,
                        actor,
                        "app.default_displaced",
                        AppRows.resource(appId),
                        LOCK,
                        DISPLACE,
                        Map.of("id", appId))
                .mapEmpty();
    }
}
