package io.checkoutgateway.store;

import io.checkoutgateway.audit.Actor;
import io.checkoutgateway.mirror.CatchUpStore;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** Catch-ups in Postgres. */
public final class PgCatchUps implements CatchUpStore {
    private static final String ADD =
            """
            INSERT INTO catch_ups (app_id, account) VALUES (#{app_id}, #{account}) ON CONFLICT (account, app_id) DO NOTHING
            """;

    private static final String CLAIM =
            """
            WITH past AS (
                SELECT now() - make_interval(secs => #{horizon_seconds}::float8) AS horizon,
                       EXISTS (
                           SELECT FROM webhook_standings s
                           WHERE s.app_id = a.id AND s.connect = (#{account}::text <> '')
                             AND s.state = ANY (#{losing}::text[])) AS losing
                FROM apps a
                WHERE a.id = #{app_id}
            )
            UPDATE catch_ups u
            SET lease = nextval('create_leases'),
                lease_until = now() + make_interval(secs => #{lease_seconds}::float8),
                ran_at = now(),
                sweep_full = CASE WHEN sweep_from IS NULL THEN full_from IS NOT NULL OR past.losing ELSE sweep_full END,
                sweep_from = coalesce(sweep_from, greatest(past.horizon, CASE WHEN u.through IS NOT NULL THEN
                    least(full_from, u.through - make_interval(secs => #{overlap_seconds}::float8)) END)),
                sweep_to = coalesce(sweep_to, now()),
                sweep_wish = CASE WHEN sweep_from IS NULL THEN full_from ELSE sweep_wish END,
                full_from = CASE WHEN sweep_from IS NOT NULL THEN full_from END
            FROM past
            WHERE account = #{account} AND app_id = #{app_id}
              AND lease_until <= now()
              AND (ran_at IS NULL OR sweep_after IS NOT NULL OR full_from IS NOT NULL
                   OR ran_at <= now() - make_interval(secs => #{idle_seconds}::float8))
            RETURNING app_id, account, lease, sweep_from, sweep_to, sweep_after, sweep_full
            """;

    private static final String PAUSE =
            """
            UPDATE catch_ups
            SET sweep_after = #{after}, found = found + #{found}, failure = NULL, lease_until = now()
            WHERE account = #{account} AND app_id = #{app_id} AND lease = #{lease}
            """;

    /**
     * What was past before is what was asked for before, or what was there when the app came to be; where more was wished
     * for, because what was asked for was not all, it is that. A gap is noted only now that Stripe answers: before, a
     * backfill could not have read its sessions either.
     */
    private static final String DONE =
            """
            WITH past AS (
                SELECT lost.since, lost.until, lost.since < lost.until AS gap
                FROM apps a
                JOIN catch_ups c ON c.app_id = a.id AND c.account = #{account},
                LATERAL (
                    SELECT least(
                               coalesce(c.through, CASE WHEN c.account = '' THEN a.created_at END),
                               CASE WHEN c.sweep_wish IS NOT NULL THEN greatest(
                                   a.created_at,
                                   c.sweep_wish + make_interval(secs => #{overlap_seconds}::float8)) END) AS since,
                           greatest(c.sweep_from, now() - make_interval(secs => #{horizon_seconds}::float8)) AS until
                ) lost
                WHERE a.id = #{app_id}
            )
            UPDATE catch_ups
            SET through = sweep_to, sweep_from = NULL, sweep_to = NULL, sweep_after = NULL, sweep_full = false,
                sweep_wish = NULL, found = found + #{found}, failure = NULL, lease_until = now(),
                gap_from = CASE WHEN past.gap THEN least(gap_from, past.since) ELSE gap_from END,
                gap_to = CASE WHEN past.gap THEN greatest(gap_to, past.until) ELSE gap_to END,
                gap_run = CASE WHEN past.gap THEN NULL ELSE gap_run END
            FROM past
            WHERE account = #{account} AND app_id = #{app_id} AND lease = #{lease}
            RETURNING full_from IS NOT NULL AS again
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

    /** How many gaps of an app are shown. */
    private static final int GAPS_SHOWN = 100;

    /** A backfill that failed stands for its gap for an hour, so that one that cannot succeed is not begun all the time. */
    private static final String GAPS =
            """
            SELECT a.namespace, c.app_id, c.account, c.gap_from, c.gap_to, r.id AS gap_run
            FROM catch_ups c
            JOIN apps a ON a.id = c.app_id
            LEFT JOIN mirror_runs r ON r.id = c.gap_run
                AND (r.state <> 'failed' OR r.finished_at > now() - interval '1 hour')
            WHERE c.gap_from IS NOT NULL AND a.state IN ('ready', 'unauthorized')
            """;

    private static final String GAPS_OF_ALL = GAPS + "ORDER BY c.app_id, c.account";

    private static final String GAPS_OF_ONE = GAPS + "AND c.app_id = #{app_id} ORDER BY c.account LIMIT " + GAPS_SHOWN;

    private static final String CLOSING =
            """
            UPDATE catch_ups SET gap_run = #{run_id}
            WHERE account = #{account} AND app_id = #{app_id} AND gap_from IS NOT NULL
              AND NOT EXISTS (
                  SELECT FROM mirror_runs r
                  WHERE r.id = gap_run AND (r.state <> 'failed' OR r.finished_at > now() - interval '1 hour'))
            """;

    /**
     * Whoever started it: what counts is that it read all that was created in time to have an event in the gap. Before an
     * account's beginning there is nothing.
     */
    private static final String CLOSED =
            """
            WITH closed AS (
                SELECT c.app_id, c.account, c.gap_from, c.gap_to, c.gap_run
                FROM catch_ups c
                WHERE c.gap_from IS NOT NULL AND EXISTS (
                    SELECT FROM mirror_runs r
                    WHERE r.app_id = c.app_id AND coalesce(r.account, '') = c.account
                      AND r.kind = 'backfill' AND r.state = 'completed'
                      AND (r.range_from IS NULL OR r.from_beginning
                           OR r.range_from <= c.gap_from - make_interval(secs => #{changes_for_seconds}::float8))
                      AND r.range_to >= c.gap_to AND r.created_at >= c.gap_to)
                FOR UPDATE OF c SKIP LOCKED
            )
            UPDATE catch_ups u
            SET gap_from = NULL, gap_to = NULL, gap_run = NULL
            FROM closed c
            JOIN apps a ON a.id = c.app_id
            WHERE u.account = c.account AND u.app_id = c.app_id
            RETURNING a.namespace, c.app_id, c.account, c.gap_from, c.gap_to, c.gap_run
            """;

    private static final String STANDING =
            """
            SELECT (SELECT coalesce(own.through, a.created_at)) AS through,
                   (SELECT count(*) FROM catch_ups w
                    WHERE w.app_id = a.id AND (w.full_from IS NOT NULL OR w.sweep_full)
                      AND NOT EXISTS (
                          SELECT FROM connected_accounts k
                          WHERE k.account = w.account AND k.app_id = w.app_id
                            AND k.disconnected_at IS NOT NULL)) AS waiting
            FROM apps a
            LEFT JOIN catch_ups own ON own.account = '' AND own.app_id = a.id
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
                "lease_seconds", Rows.seconds(lease),
                "idle_seconds", Rows.seconds(idle),
                "overlap_seconds", Rows.seconds(overlap),
                "horizon_seconds", Rows.seconds(horizon),
                "losing", PgWebhookStandings.LOSING);
        return postgres.query(ADD, parameters)
                .compose(added -> postgres.query(CLAIM, parameters))
                .map(rows -> Rows.first(rows).map(PgCatchUps::toSweep));
    }

    private static Sweep toSweep(Row row) {
        return new Sweep(
                row.getString("app_id"),
                accountOf(row),
                row.getLong("lease"),
                Rows.instantOf(row, "sweep_from"),
                Rows.instantOf(row, "sweep_to"),
                row.getString("sweep_after"),
                row.getBoolean("sweep_full"));
    }

    @Override
    public Future<Void> paused(Sweep sweep, String after, int found) {
        return write(PAUSE, of(sweep).and("after", after).and("found", found));
    }

    @Override
    public Future<Boolean> done(Sweep sweep, int found, Duration horizon) {
        return postgres.query(
                        DONE,
                        of(sweep)
                                .and("found", found)
                                .and("horizon_seconds", Rows.seconds(horizon))
                                .and("overlap_seconds", SweepWishes.overlapSeconds())
                                .map())
                .map(rows ->
                        Rows.first(rows).map(row -> row.getBoolean("again")).orElse(false));
    }

    @Override
    public Future<Boolean> askForAll(Actor actor, String appId, @Nullable String account, Instant since) {
        return postgres.inTransaction(connection -> AppRows.asJson(connection, appId)
                .compose(state -> SweepWishes.since(connection, appId, account, since)
                        .compose(wished -> wished
                                ? AuditRows.append(
                                                connection,
                                                actor,
                                                "app.catch_up_started",
                                                AppRows.resource(appId),
                                                state,
                                                state)
                                        .map(true)
                                : Future.succeededFuture(false))));
    }

    @Override
    public Future<List<Gap>> gaps() {
        return postgres.query(GAPS_OF_ALL, Map.of()).map(PgCatchUps::toGaps);
    }

    @Override
    public Future<Void> closing(Gap gap, String runId) {
        return write(
                CLOSING,
                Parameters.of("app_id", gap.appId())
                        .and("account", PgStripeCustomerLinks.orOwn(gap.account()))
                        .and("run_id", runId));
    }

    @Override
    public Future<List<Gap>> closed() {
        return postgres.query(CLOSED, Map.of("changes_for_seconds", Rows.seconds(Gap.CHANGES_FOR)))
                .map(PgCatchUps::toGaps);
    }

    private static List<Gap> toGaps(RowSet<Row> rows) {
        return StreamSupport.stream(rows.spliterator(), false)
                .map(row -> new Gap(
                        row.getString("namespace"),
                        row.getString("app_id"),
                        accountOf(row),
                        Rows.instantOf(row, "gap_from"),
                        Rows.instantOf(row, "gap_to"),
                        row.getString("gap_run")))
                .toList();
    }

    private static @Nullable String accountOf(Row row) {
        return row.getString("account").isEmpty() ? null : row.getString("account");
    }

    @Override
    public Future<Standing> standing(String appId) {
        Map<String, Object> parameters = Map.of("app_id", appId);
        return postgres.query(STANDING, parameters)
                .compose(found -> postgres.query(GAPS_OF_ONE, parameters).map(gaps -> {
                    Optional<Row> row = Rows.first(found);
                    return new Standing(
                            appId,
                            row.map(PgCatchUps::through).orElse(null),
                            row.map(one -> one.getLong("waiting")).orElse(0L),
                            toGaps(gaps));
                }));
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
