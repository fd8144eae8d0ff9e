package io.checkoutgateway.store;

import io.checkoutgateway.mirror.CatchUpStore;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Catch-ups in Postgres. */
public final class PgCatchUps implements CatchUpStore {
    private static final String ADD =
            """
            INSERT INTO catch_ups (app_id, account) VALUES (#{app_id}, #{account}) ON CONFLICT (account, app_id) DO NOTHING
            """;

    private static final String CLAIM =
            """
            UPDATE catch_ups
            SET lease = nextval('create_leases'),
                lease_until = now() + make_interval(secs => #{lease_seconds}::float8),
                ran_at = now(),
                sweep_from = coalesce(sweep_from, greatest(
                    now() - make_interval(secs => #{horizon_seconds}::float8),
                    through - make_interval(secs => #{overlap_seconds}::float8))),
                sweep_to = coalesce(sweep_to, now())
            WHERE account = #{account} AND app_id = #{app_id}
              AND lease_until <= now()
              AND (ran_at IS NULL OR sweep_after IS NOT NULL
                   OR ran_at <= now() - make_interval(secs => #{idle_seconds}::float8))
            RETURNING app_id, account, lease, sweep_from, sweep_to, sweep_after
            """;

    private static final String PAUSE =
            """
            UPDATE catch_ups
            SET sweep_after = #{after}, found = found + #{found}, failure = NULL, lease_until = now()
            WHERE account = #{account} AND app_id = #{app_id} AND lease = #{lease}
            """;

    private static final String DONE =
            """
            UPDATE catch_ups
            SET through = sweep_to, sweep_from = NULL, sweep_to = NULL, sweep_after = NULL,
                found = found + #{found}, failure = NULL, lease_until = now()
            WHERE account = #{account} AND app_id = #{app_id} AND lease = #{lease}
            """;

    private static final String FAIL =
            """
            UPDATE catch_ups
            SET failure = left(#{failure}, 500),
                sweep_after = CASE WHEN #{start_again} THEN NULL ELSE sweep_after END,
                lease_until = now()
            WHERE account = #{account} AND app_id = #{app_id} AND lease = #{lease}
            """;

    private static final String THROUGH =
            """
            SELECT coalesce(c.through, a.created_at) AS through
            FROM apps a
            LEFT JOIN catch_ups c ON c.account = #{account} AND c.app_id = a.id
            WHERE a.id = #{app_id}
            """;

    private final Postgres postgres;

    public PgCatchUps(Postgres postgres) {
        this.postgres = postgres;
    }

    @Override
    public Future<Optional<Sweep>> claim(
            String appId, @Nullable String account, Duration lease, Duration idle, Duration overlap, Duration horizon) {
        Map<String, Object> parameters = Map.of(
                "app_id", appId,
                "account", PgStripeCustomerLinks.orOwn(account),
                "lease_seconds", seconds(lease),
                "idle_seconds", seconds(idle),
                "overlap_seconds", seconds(overlap),
                "horizon_seconds", seconds(horizon));
        return postgres.query(ADD, parameters)
                .compose(added -> postgres.query(CLAIM, parameters))
                .map(rows -> Rows.first(rows).map(PgCatchUps::toSweep));
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / 1000.0;
    }

    private static Sweep toSweep(Row row) {
        return new Sweep(
                row.getString("app_id"),
                row.getString("account").isEmpty() ? null : row.getString("account"),
                row.getLong("lease"),
                Rows.instantOf(row, "sweep_from"),
                Rows.instantOf(row, "sweep_to"),
                row.getString("sweep_after"));
    }

    @Override
    public Future<Void> paused(Sweep sweep, String after, int found) {
        return write(PAUSE, of(sweep).and("after", after).and("found", found));
    }

    @Override
    public Future<Void> done(Sweep sweep, int found) {
        return write(DONE, of(sweep).and("found", found));
    }

    @Override
    public Future<Void> failed(Sweep sweep, String reason, boolean startAgain) {
        return write(FAIL, of(sweep).and("failure", reason).and("start_again", startAgain));
    }

    private static Parameters of(Sweep sweep) {
        return Parameters.of("app_id", sweep.appId())
                .and("account", PgStripeCustomerLinks.orOwn(sweep.account()))
                .and("lease", sweep.lease());
    }

    private Future<Void> write(String sql, Parameters parameters) {
        return postgres.query(sql, parameters.map()).mapEmpty();
    }

    @Override
    public Future<Optional<Instant>> through(String appId, @Nullable String account) {
        return postgres.query(THROUGH, Map.of("app_id", appId, "account", PgStripeCustomerLinks.orOwn(account)))
                .map(rows -> Rows.first(rows).map(PgCatchUps::through));
    }

    private static @Nullable Instant through(Row row) {
        return Rows.instant(row, "through");
    }
}
