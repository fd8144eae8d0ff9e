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

    /**
     * A task as it lies in the database.
     *
     * @param app the app's rows, one for each of its secrets
     */
    record Sealed(List<Row> app, List<Webhook> webhooks) {
        /**
         * The task, without secrets that cannot be opened. Not to be waited for in a transaction: it takes time of the
         * processor's, and, where another replica has drawn a data key, a look at the database on a connection of its own.
         */
        Future<AppTask> open(Vault vault) {
            Row first = app.get(0);
            return AppRows.open(vault, app)
                    .map(opened -> new AppTask(
                            opened,
                            stage(first.getString("state")),
                            first.getLong("lease"),
                            first.getInteger("attempts"),
                            webhooks));
        }
    }

    /** The app's task as it stands. */
    static Future<Sealed> find(SqlClient connection, String id) {
        return Postgres.on(connection, FIND, Map.of("id", id)).compose(rows -> webhooks(connection, id)
                .map(webhooks -> new Sealed(AppRows.byApp(rows).get(0), webhooks)));
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
