package io.checkoutgateway.store;

import io.checkoutgateway.apps.RedirectHostStore;
import io.checkoutgateway.apps.RedirectHosts;
import io.checkoutgateway.audit.Actor;
import io.checkoutgateway.failure.GatewayException;
import io.checkoutgateway.failure.Reason;
import io.checkoutgateway.settings.HostPattern;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Redirect hosts of apps in Postgres. */
public final class PgRedirectHosts implements RedirectHostStore {
    private static final String FIND =
            """
            SELECT a.id, a.configured, coalesce(h.hosts, '{}') AS hosts, coalesce(h.version, 0) AS version,
                   to_jsonb(h)::text AS state
            FROM apps a
            LEFT JOIN app_redirect_hosts h ON h.app_id = a.id
            WHERE a.namespace = #{namespace} AND a.id = #{app_id} AND a.deleted_at IS NULL AND a.state <> 'installing'
            """;

    /** So that two who replace the list come one after the other, also before there is a row of it. */
    private static final String LOCK =
            """
            SELECT id
            FROM apps
            WHERE namespace = #{namespace} AND id = #{app_id} AND deleted_at IS NULL AND state <> 'installing'
            FOR NO KEY UPDATE
            """;

    private static final String WRITE =
            """
            INSERT INTO app_redirect_hosts AS h (app_id, hosts)
            VALUES (#{app_id}, #{hosts})
            ON CONFLICT (app_id) DO UPDATE
            SET hosts = excluded.hosts, version = h.version + 1, updated_at = now()
            """;

    private final Postgres postgres;

    public PgRedirectHosts(Postgres postgres) {
        this.postgres = postgres;
    }

    @Override
    public Future<Optional<Row>> find(String namespace, String appId) {
        return postgres.query(FIND, Map.of("namespace", namespace, "app_id", appId))
                .map(rows -> Rows.first(rows).map(PgRedirectHosts::toRow));
    }

    @Override
    public Future<Optional<Row>> replace(Actor actor, String appId, RedirectHosts hosts, @Nullable Set<Long> versions) {
        Map<String, Object> of = Map.of(
                "namespace",
                actor.namespace(),
                "app_id",
                appId,
                "hosts",
                hosts.words().toArray(String[]::new));
        return postgres.inTransaction(connection -> Postgres.on(connection, LOCK, of)
                .compose(locked -> state(connection, of))
                .compose(before -> before.isEmpty()
                        ? Future.succeededFuture(Optional.empty())
                        : write(connection, actor, of, allowed(before.get(), versions))));
    }

    private static Future<Optional<io.vertx.sqlclient.Row>> state(SqlConnection connection, Map<String, Object> of) {
        return Postgres.on(connection, FIND, of).map(Rows::first);
    }

    private static io.vertx.sqlclient.Row allowed(io.vertx.sqlclient.Row before, @Nullable Set<Long> versions) {
        if (versions != null && !versions.contains(before.getLong("version"))) {
            throw new GatewayException(Reason.PRECONDITION_FAILED, "The list has changed meanwhile; read it again");
        }
        return before;
    }

    private static Future<Optional<Row>> write(
            SqlConnection connection, Actor actor, Map<String, Object> of, io.vertx.sqlclient.Row before) {
        return Postgres.on(connection, WRITE, of)
                .compose(written -> state(connection, of))
                .compose(after -> AuditRows.append(
                                connection,
                                actor,
                                "app.redirect_hosts_replaced",
                                "app:" + before.getString("id"),
                                before.getString("state"),
                                after.map(row -> row.getString("state")).orElse(null))
                        .map(after.map(PgRedirectHosts::toRow)));
    }

    private static Row toRow(io.vertx.sqlclient.Row row) {
        return new Row(
                row.getString("id"),
                row.getBoolean("configured"),
                new RedirectHosts(Arrays.stream(row.getArrayOfStrings("hosts"))
                        .map(PgRedirectHosts::pattern)
                        .toList()),
                row.getLong("version"));
    }

    /** Leaving out what cannot be read might leave an empty list, which allows more than its owner meant. */
    private static HostPattern pattern(String written) {
        return HostPattern.of(written).orElseThrow(() -> new IllegalStateException(written + " is no host"));
    }
}
