package io.checkoutgateway.store;

import io.checkoutgateway.apps.App;
import io.checkoutgateway.apps.AppChange;
import io.checkoutgateway.apps.ConnectWebhookEndpoint;
import io.checkoutgateway.apps.InstalledAppStore;
import io.checkoutgateway.apps.StripeKey;
import io.checkoutgateway.audit.Actor;
import io.checkoutgateway.failure.GatewayException;
import io.checkoutgateway.failure.Reason;
import io.checkoutgateway.secrets.Vault;
import io.checkoutgateway.settings.Secret;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import java.util.Map;
import java.util.Optional;
import java.util.stream.StreamSupport;

/** Installed apps in Postgres, as people see them. */
public final class PgInstalledApps implements InstalledAppStore {
    /** A configured app that the settings name no more has no profile. */
    private static final String VISIBLE =
            """
            namespace = #{namespace} AND state IN ('ready', 'unauthorized') AND (NOT configured OR billing_profile)
            """;

    private static final String LIST = "SELECT " + AppRows.COLUMNS + "FROM apps WHERE " + VISIBLE
            + "ORDER BY place OFFSET #{offset} LIMIT #{most}";

    private static final String COUNT = "SELECT count(*) AS total FROM apps WHERE " + VISIBLE;

    private static final String FIND = "SELECT " + AppRows.COLUMNS + "FROM apps WHERE id = #{id} AND " + VISIBLE;

    private static final String LOCK =
            "SELECT version, to_jsonb(a)::text AS before FROM apps a WHERE id = #{id} AND NOT configured AND " + VISIBLE
                    + "FOR UPDATE";

    private static final String CHANGE =
            """
            UPDATE apps
            SET name = #{name},
                description = #{description},
                labels = #{labels},
                masked_api_key = coalesce(#{masked_api_key}::text, masked_api_key),
                state = CASE WHEN #{masked_api_key}::text IS NULL THEN state ELSE 'ready' END,
                updated_at = now(),
                version = version + 1
            WHERE id = #{id}
            RETURNING
            """
                    + AppRows.COLUMNS;

    private final Postgres postgres;
    private final Vault vault;

    public PgInstalledApps(Postgres postgres, Vault vault) {
        this.postgres = postgres;
        this.vault = vault;
    }

    @Override
    public Future<Page> list(String namespace, long offset, int most) {
        Map<String, Object> parameters = Map.of("namespace", namespace, "offset", offset, "most", most);
        return postgres.query(LIST, parameters).compose(found -> postgres.query(COUNT, parameters)
                .map(counted -> new Page(
                        StreamSupport.stream(found.spliterator(), false)
                                .map(AppRows::toApp)
                                .toList(),
                        counted.iterator().next().getLong("total"))));
    }

    @Override
    public Future<Optional<App>> find(String namespace, String id) {
        return postgres.query(FIND, Map.of("namespace", namespace, "id", id))
                .map(rows -> Rows.first(rows).map(AppRows::toApp));
    }

    @Override
    public Future<Optional<App>> change(Actor actor, String id, AppChange change) {
        return postgres.inTransaction(connection -> Postgres.on(
                        connection, LOCK, Map.of("namespace", actor.namespace(), "id", id))
                .compose(locked -> Rows.first(locked)
                        .map(row -> change(connection, actor, id, change, row).map(Optional::of))
                        .orElseGet(() -> Future.succeededFuture(Optional.empty()))));
    }

    @Override
    public Future<ConnectWebhookEndpoint> connectEndpoint(String id) {
        return postgres.query(ConnectEndpointRows.FIND, Map.of("id", id)).map(rows -> ConnectEndpointRows.of(id, rows));
    }

    @Override
    public Future<Boolean> putConnectSecret(Actor actor, String id, Secret secret) {
        return postgres.inTransaction(
                connection -> Postgres.on(connection, LOCK, Map.of("namespace", actor.namespace(), "id", id))
                        .compose(locked -> Rows.first(locked)
                                .map(row -> putConnectSecret(connection, actor, id, secret, row.getString("before"))
                                        .map(true))
                                .orElseGet(() -> Future.succeededFuture(false))));
    }

    /** The app's row is as it was: the entry says by its action what was done. */
    private Future<Void> putConnectSecret(
            SqlConnection connection, Actor actor, String id, Secret secret, String state) {
        return AppRows.put(connection, vault, actor.namespace(), id, AppRows.WEBHOOK_SECRET, id, secret)
                .compose(put -> AuditRows.append(
                        connection, actor, "app.connect_secret_set", AppRows.resource(id), state, state));
    }

    private Future<App> change(SqlConnection connection, Actor actor, String id, AppChange change, Row locked) {
        if (change.versions() != null && !change.versions().contains(locked.getLong("version"))) {
            return Future.failedFuture(
                    new GatewayException(Reason.PRECONDITION_FAILED, "The app has changed meanwhile; read it again"));
        }
        StripeKey key = change.key();
        Parameters parameters = Parameters.of("id", id)
                .and("name", change.name())
                .and("description", change.description())
                .and("labels", Rows.json(change.labels()))
                .and("masked_api_key", key == null ? null : key.masked());
        return putKey(connection, actor, id, key)
                .compose(put -> Postgres.on(connection, CHANGE, parameters.map()))
                .map(rows -> AppRows.toApp(rows.iterator().next()))
                .compose(changed -> AppRows.asJson(connection, id)
                        .compose(after -> AuditRows.append(
                                connection,
                                actor,
                                "app.updated",
                                AppRows.resource(id),
                                locked.getString("before"),
                                after))
                        .compose(noted -> key == null
                                ? Future.succeededFuture()
                                : ConnectedAccountRows.keyChanged(connection, id))
                        .map(changed));
    }

    private Future<Void> putKey(
            SqlConnection connection, Actor actor, String id, @org.jspecify.annotations.Nullable StripeKey key) {
        return key == null
                ? Future.succeededFuture()
                : AppRows.put(connection, vault, actor.namespace(), id, AppRows.API_KEY, id, key.secret());
    }
}
