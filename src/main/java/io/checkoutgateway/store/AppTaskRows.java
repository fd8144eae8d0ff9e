package io.checkoutgateway.store;

import io.checkoutgateway.apps.AppTask;
import io.checkoutgateway.apps.AppTask.Stage;
import io.checkoutgateway.apps.AppTask.Webhook;
import io.checkoutgateway.secrets.Vault;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlClient;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;

/** The rows that make a task: the app, its key, its webhooks. */
final class AppTaskRows {
    private static final String FIND = AppRows.SELECT + "WHERE a.id = #{id}";

    private static final String WEBHOOKS =
            """
            SELECT id, connect, parameters, stripe_endpoint_id, coalesce(retire_at <= now(), false) AS retired,
                   extract(epoch FROM now() - created_at)::float8 AS age_seconds
            FROM app_webhooks
            WHERE app_id = #{id}
            ORDER BY created_at, id
            """;

    private AppTaskRows() {}

    /** The app's task as it stands, without secrets that cannot be opened. */
    static Future<AppTask> find(SqlClient connection, Vault vault, String id) {
        return Postgres.on(connection, FIND, Map.of("id", id)).compose(rows -> {
            List<Row> found = AppRows.byApp(rows).get(0);
            return AppRows.open(vault, found).compose(app -> webhooks(connection, id)
                    .map(webhooks -> new AppTask(
                            app,
                            stage(found.get(0).getString("state")),
                            found.get(0).getLong("lease"),
                            found.get(0).getInteger("attempts"),
                            webhooks)));
        });
    }

    private static Stage stage(String state) {
        return switch (state) {
            case "installing" -> Stage.INSTALLING;
            case "leaving", "gone" -> Stage.LEAVING;
            default -> Stage.INSTALLED;
        };
    }

    private static Future<List<Webhook>> webhooks(SqlClient client, String id) {
        return Postgres.on(client, WEBHOOKS, Map.of("id", id))
                .map(rows -> StreamSupport.stream(rows.spliterator(), false)
                        .map(AppTaskRows::toWebhook)
                        .toList());
    }

    private static Webhook toWebhook(Row row) {
        return new Webhook(
                row.getString("id"),
                row.getBoolean("connect"),
                row.getJsonObject("parameters"),
                row.getString("stripe_endpoint_id"),
                row.getBoolean("retired"),
                Duration.ofSeconds(row.getDouble("age_seconds").longValue()));
    }
}
