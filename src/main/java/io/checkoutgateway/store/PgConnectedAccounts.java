package io.checkoutgateway.store;

import io.checkoutgateway.apps.ConnectedAccount;
import io.checkoutgateway.apps.ConnectedAccountStore;
import io.checkoutgateway.audit.Actor;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.stream.StreamSupport;

/** Connected accounts in Postgres. */
public final class PgConnectedAccounts implements ConnectedAccountStore {
    private static final String NAMESPACE = "SELECT namespace FROM apps WHERE id = #{app_id}";

    private static final String CONNECTED =
            "SELECT count(*) AS accounts FROM connected_accounts WHERE app_id = #{app_id} AND disconnected_at IS NULL";

    private static final String NEXT =
            """
            WITH turn AS MATERIALIZED (
                SELECT account FROM connected_accounts
                WHERE app_id = #{app_id} AND disconnected_at IS NULL AND due_at <= now()
                ORDER BY due_at
                LIMIT 1
                FOR UPDATE SKIP LOCKED
            )
            UPDATE connected_accounts
            SET due_at = now() + make_interval(secs => #{pause_seconds}::float8)
            WHERE app_id = #{app_id} AND account = (SELECT account FROM turn)
            RETURNING account
            """;

    private static final String AGAIN =
            "UPDATE connected_accounts SET due_at = now() WHERE app_id = #{app_id} AND account = #{account}";

    private static final String STANDING =
            """
            SELECT count(*) FILTER (WHERE a.disconnected_at IS NULL) AS connected,
                   count(*) FILTER (WHERE a.disconnected_at IS NOT NULL) AS disconnected,
                   min(c.through) FILTER (WHERE a.disconnected_at IS NULL) AS through
            FROM connected_accounts a
            LEFT JOIN catch_ups c ON c.account = a.account AND c.app_id = a.app_id
            WHERE a.app_id = ANY (#{app_ids}::text[])
            """;

    private static final String LIST =
            """
            SELECT a.number, a.account, a.known_since, a.seen_at, a.disconnected_at, a.disconnected_by, c.through
            FROM connected_accounts a
            LEFT JOIN catch_ups c ON c.account = a.account AND c.app_id = a.app_id
            WHERE a.app_id = #{app_id} AND a.number > #{after}
            ORDER BY a.number
            LIMIT #{most}
            """;

    /** Stands for the request in the audit trail: the answer may have been one of many. */
    private static final String REQUEST = "connected-accounts";

    private final Postgres postgres;

    public PgConnectedAccounts(Postgres postgres) {
        this.postgres = postgres;
    }

    @Override
    public Future<Void> answered(String appId, String account) {
        return as(appId, (connection, actor) -> ConnectedAccountRows.seen(connection, actor, appId, account, null));
    }

    @Override
    public Future<Boolean> refused(String appId, String account) {
        return as(
                appId,
                (connection, actor) -> ConnectedAccountRows.gone(
                        connection, actor, appId, account, null, ConnectedAccountRows.REFUSED));
    }

    /** In a transaction of its own, put down to the gateway itself. */
    private <T> Future<T> as(String appId, BiFunction<SqlConnection, Actor, Future<T>> steps) {
        return postgres.inTransaction(connection -> Postgres.on(connection, NAMESPACE, Map.of("app_id", appId))
                .map(rows -> Actor.gateway(rows.iterator().next().getString("namespace"), REQUEST))
                .compose(actor -> steps.apply(connection, actor)));
    }

    @Override
    public Future<Long> connected(String appId) {
        return postgres.query(CONNECTED, Map.of("app_id", appId))
                .map(rows -> rows.iterator().next().getLong("accounts"));
    }

    @Override
    public Future<Optional<String>> next(String appId, Duration pause) {
        return postgres.query(NEXT, Map.of("app_id", appId, "pause_seconds", pause.toMillis() / 1000.0))
                .map(rows -> Rows.first(rows).map(row -> row.getString("account")));
    }

    @Override
    public Future<Void> again(String appId, String account) {
        return postgres.query(AGAIN, Map.of("app_id", appId, "account", account))
                .mapEmpty();
    }

    @Override
    public Future<Standing> standing(List<String> appIds) {
        return postgres.query(STANDING, Map.of("app_ids", appIds.toArray(String[]::new)))
                .map(rows -> {
                    Row row = rows.iterator().next();
                    return new Standing(
                            row.getLong("connected"), row.getLong("disconnected"), Rows.instant(row, "through"));
                });
    }

    @Override
    public Future<List<ConnectedAccount>> list(String appId, long after, int most) {
        return postgres.query(LIST, Map.of("app_id", appId, "after", after, "most", most))
                .map(rows -> StreamSupport.stream(rows.spliterator(), false)
                        .map(PgConnectedAccounts::toAccount)
                        .toList());
    }

    private static ConnectedAccount toAccount(Row row) {
        return new ConnectedAccount(
                row.getLong("number"),
                row.getString("account"),
                Rows.instantOf(row, "known_since"),
                Rows.instantOf(row, "seen_at"),
                Rows.instant(row, "disconnected_at"),
                row.getString("disconnected_by"),
                Rows.instant(row, "through"));
    }
}
