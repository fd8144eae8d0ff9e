package io.checkoutgateway.store;

import io.checkoutgateway.apps.ConnectWebhookEndpoint;
import io.checkoutgateway.apps.ConnectWebhookEndpoint.Status;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import java.util.List;
import java.util.Map;

/** What an app has to hear of connected accounts with: the newest endpoint that is there, or is being registered. */
final class ConnectEndpointRows {
    static final String FIND =
            """
            SELECT stripe_endpoint_id, parameters -> 'enabled_events' AS event_types, created_at
            FROM app_webhooks
            WHERE app_id = #{id} AND connect AND coalesce(retire_at, 'infinity') > now()
            ORDER BY stripe_endpoint_id IS NULL, created_at DESC
            LIMIT 1
            """;

    private ConnectEndpointRows() {}

    static Future<ConnectWebhookEndpoint> find(SqlConnection connection, String appId) {
        return Postgres.on(connection, FIND, Map.of("id", appId)).map(rows -> of(appId, rows));
    }

    /** @param rows found by {@link #FIND} */
    static ConnectWebhookEndpoint of(String appId, RowSet<Row> rows) {
        return Rows.first(rows)
                .map(row -> toEndpoint(appId, row))
                .orElseGet(() -> new ConnectWebhookEndpoint(appId, Status.UNREGISTERED, null, List.of(), null));
    }

    private static ConnectWebhookEndpoint toEndpoint(String appId, Row row) {
        String endpointId = row.getString("stripe_endpoint_id");
        return new ConnectWebhookEndpoint(
                appId,
                endpointId == null ? Status.REGISTERING : Status.REGISTERED,
                endpointId,
                row.getJsonArray("event_types").stream().map(String.class::cast).toList(),
                Rows.instantOf(row, "created_at"));
    }
}
