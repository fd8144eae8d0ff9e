package io.checkoutgateway.store;

import io.checkoutgateway.apps.ConnectedAccount;
import io.checkoutgateway.apps.ConnectedAccountStore;
import io.checkoutgateway.audit.Actor;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import java.time.Duration;
import java.time.Instant;
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
                WHERE app_id = #{app_id} AND due_at <= now()
                ORDER BY due_at
                LIMIT 1
                FOR UPDATE SKIP LOCKED
            )
            UPDATE connected_accounts
            SET due_at = now() + make_interval(secs => #{lease_seconds}::float8)
            WHERE app_id = #{app_id} AND account = (SELECT account FROM turn)
            RETURNING account, now() AS since, due_at
            """;

    /**
     * A disconnected account rests for as long as it has been so, which doubles the pause each time; 28 days at most,
     * since Stripe remembers events for 30.
     */
    private static final String REST =
            """
            UPDATE connected_accounts
            SET due_at = now() + CASE WHEN disconnected_at IS NULL
                THEN make_interval(secs => #{pause_seconds}::float8)
                ELSE least(interval '28 days', greatest(interval '1 hour', now() - disconnected_at)) END
            WHERE app_id = #{app_id} AND account = #{account} AND due_at = #{until}
            """;

    private static final String STANDING =
            """
            SELECT count(*) FILTER (WHERE a.disconnected_at IS NULL) AS connected,
                   count(*) FILTER (WHERE a.disconnected_at IS NOT NULL) AS disconnected,
                   min(coalesce(c.through, a.known_since)) FILTER (WHERE a.disconnected_at IS NULL) AS through
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
    public Future<Void> answered(String appId, String account, Instant asOf) {
        return as(appId, (connection, actor) -> ConnectedAccountRows.seen(connection, actor, appId, account, asOf));
    }

    @Override
    public Future<Boolean> refused(String appId, String account, Instant asOf) {
        return as(appId, (connection, actor) -> ConnectedAccountRows.refused(connection, actor, appId, account, asOf));
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
    public Future<Optional<Turn>> next(String appId, Duration lease) {
        return postgres.query(NEXT, Map.of("app_id", appId, "lease_seconds", Rows.seconds(lease)))
                .map(rows -> Rows.first(rows)
                        .map(row -> new Turn(
                                row.getString("account"),
                                Rows.instantOf(row, "since"),
                                Rows.instantOf(row, "due_at"))));
    }

    @Override
    public Future<Void> rest(String appId, Turn turn, Duration pause) {
        return postgres.query(
                        REST,
                        Parameters.of("app_id", appId)
                                .and("account", turn.account())
                                .and("until", Rows.utc(turn.until()))
                                .and("pause_seconds", Rows.seconds(pause))
                                .map())
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
