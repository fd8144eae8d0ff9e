package io.checkoutgateway.store;

import io.checkoutgateway.audit.Actor;
import io.checkoutgateway.failure.GatewayException;
import io.checkoutgateway.failure.Reason;
import io.checkoutgateway.idempotency.Answered;
import io.checkoutgateway.idempotency.IdempotencyKey;
import io.checkoutgateway.idempotency.StoredAnswer;
import io.checkoutgateway.mirror.Finding;
import io.checkoutgateway.mirror.MirrorRun;
import io.checkoutgateway.mirror.RunStore;
import io.checkoutgateway.mirror.Window;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** Runs, their windows and findings in Postgres. */
public final class PgMirrorRuns implements RunStore {
    private static final String ADD =
            """
            INSERT INTO mirror_runs (id, namespace, app_id, account, kind, repair, range_from, range_to)
            VALUES (#{id}, #{namespace}, #{app_id}, #{account}, #{kind}, #{repair}, #{from}, #{to})
            RETURNING to_jsonb(mirror_runs)::text AS snapshot
            """;

    /** Those after the newest ones of a kind go, with their windows and findings. */
    private static final String FORGET =
            """
            DELETE FROM mirror_runs
            WHERE namespace = #{namespace} AND kind = #{kind} AND state <> 'running'
              AND number <= (
                  SELECT number FROM mirror_runs
                  WHERE namespace = #{namespace} AND kind = #{kind}
                  ORDER BY number DESC
                  OFFSET #{kept} LIMIT 1)
            """;

    private static final String ADD_PLAN =
            """
            INSERT INTO mirror_windows (run_id, number, part) VALUES (#{id}, 0, 'plan')
            """;

    /** A run and the sums of its windows: at most about a hundred. */
    private static final String SELECT =
            """
            SELECT r.id, r.number, r.namespace, r.app_id, r.account, r.kind, r.repair, r.state, r.failure, r.range_from,
                   r.range_to, r.created_at, r.finished_at, w.*
            FROM mirror_runs r
            CROSS JOIN LATERAL (
                SELECT count(*) FILTER (WHERE part <> 'plan')::int AS windows,
                       count(*) FILTER (WHERE part <> 'plan' AND state = 'done')::int AS windows_done,
                       coalesce(sum(pages), 0)::bigint AS pages,
                       coalesce(sum(seen), 0)::bigint AS seen,
                       coalesce(sum(added), 0)::bigint AS added,
                       coalesce(sum(changed), 0)::bigint AS changed,
                       coalesce(sum(unreadable), 0)::bigint AS unreadable,
                       coalesce(sum(missing_here), 0)::bigint AS missing_here,
                       coalesce(sum(missing_at_stripe), 0)::bigint AS missing_at_stripe,
                       coalesce(sum(differs), 0)::bigint AS differs,
                       coalesce(sum(repaired), 0)::bigint AS repaired,
                       (array_agg(waiting ORDER BY number) FILTER (WHERE waiting IS NOT NULL))[1] AS waiting
                FROM mirror_windows
                WHERE run_id = r.id
            ) w
            """;

    private static final String FIND =
            SELECT + " WHERE r.namespace = #{namespace} AND r.kind = #{kind} AND r.id = #{id}";

    private static final String ACTIVE = SELECT
            + """
                    WHERE r.app_id = #{app_id} AND coalesce(r.account, '') = #{account} AND r.kind = #{kind}
                      AND r.state = 'running'
                    LIMIT 1
                    """;

    /** More than anybody looks at in a gauge. */
    private static final String ALL_ACTIVE =
            SELECT + " WHERE r.kind = #{kind} AND r.state = 'running' ORDER BY r.number LIMIT 100";

    private static final String LIST = SELECT
            + """
            WHERE r.namespace = #{namespace} AND r.kind = #{kind} AND r.number > #{after}
            ORDER BY r.number
            LIMIT #{most}
            """;

    private static final String CANCEL =
            """
            UPDATE mirror_runs
            SET state = 'canceled', finished_at = now()
            WHERE namespace = #{namespace} AND kind = #{kind} AND id = #{id} AND state = 'running'
            RETURNING id, to_jsonb(mirror_runs)::text AS snapshot
            """;

    private static final String DROP_WINDOWS =
            """
            UPDATE mirror_windows SET state = 'dropped', waiting = NULL WHERE run_id = #{id} AND state = 'pending'
            """;

    private static final String AGAIN =
            """
            UPDATE mirror_runs
            SET state = 'running', repair = true, finished_at = NULL
            WHERE namespace = #{namespace} AND id = #{id} AND kind = 'drift_report' AND state = 'completed'
            RETURNING id, to_jsonb(mirror_runs)::text AS snapshot
            """;

    /** Findings that are no longer listed can only be found again. */
    private static final String WALK_AGAIN =
            """
            UPDATE mirror_windows w
            SET state = 'pending', cursor_id = NULL, cursor_second = NULL, cursor_ids = '{}', attempts = 0, failures = 0,
                next_attempt_at = now(), pages = 0, seen = 0, unreadable = 0, missing_here = 0, missing_at_stripe = 0,
                differs = 0, repaired = 0
            WHERE run_id = #{id} AND part <> 'plan'
              AND (SELECT count(*) FROM mirror_findings WHERE run_id = #{id})
                  < (SELECT sum(missing_here + missing_at_stripe + differs) FROM mirror_windows WHERE run_id = #{id})
            """;

    private static final String FORGET_FINDINGS =
            """
            DELETE FROM mirror_findings WHERE run_id = #{id}
            """;

    private static final String FINDINGS_AGAIN =
            """
            WITH doubted AS (
                UPDATE mirror_findings SET state = 'confirmed' WHERE run_id = #{id} AND state = 'left'
            )
            UPDATE mirror_windows
            SET state = 'pending', attempts = 0, failures = 0, next_attempt_at = now()
            WHERE run_id = #{id} AND part = 'findings'
            """;

    private static final String RESUME =
            """
            UPDATE mirror_runs
            SET state = 'running', failure = NULL, finished_at = NULL
            WHERE namespace = #{namespace} AND kind = #{kind} AND id = #{id} AND state IN ('failed', 'canceled')
            RETURNING id, to_jsonb(mirror_runs)::text AS snapshot
            """;

    private static final String TAKE_WINDOWS_UP =
            """
            UPDATE mirror_windows
            SET state = 'pending', attempts = 0, failures = 0, next_attempt_at = now()
            WHERE run_id = #{id} AND state = 'dropped'
            """;

    private static final String LOCK =
            """
            SELECT to_jsonb(r)::text AS snapshot
            FROM mirror_runs r
            WHERE namespace = #{namespace} AND kind = #{kind} AND id = #{id}
            FOR UPDATE
            """;

    /** A report a day for a quarter, or two years of weekly ones. */
    static final int KEPT = 100;

    private final Postgres postgres;
    private final PgMirrorWindows windows;

    public PgMirrorRuns(Postgres postgres) {
        this.postgres = postgres;
        this.windows = new PgMirrorWindows(postgres);
    }

    @Override
    public Future<Answered> start(
            Actor actor, NewRun run, Optional<IdempotencyKey> key, Function<MirrorRun, StoredAnswer> answer) {
        return postgres.inTransaction(connection ->
                        PgIdempotencyKeys.once(connection, run.namespace(), key, () -> add(connection, actor, run)
                                .map(answer)))
                .recover(PgMirrorRuns::explained);
    }

    private static Future<MirrorRun> add(SqlConnection connection, Actor actor, NewRun run) {
        Map<String, Object> parameters = Parameters.of("id", run.id())
                .and("namespace", run.namespace())
                .and("app_id", run.appId())
                .and("account", run.account())
                .and("kind", run.kind().word())
                .and("repair", run.repair())
                .and("from", Rows.utc(run.from()))
                .and("to", Rows.utc(run.to()))
                .and("kept", KEPT)
                .map();
        return Postgres.on(connection, ADD, parameters)
                .compose(added -> AuditRows.append(
                        connection,
                        actor,
                        run.kind().word() + ".created",
                        resource(run.kind(), run.id()),
                        null,
                        added.iterator().next().getString(AuditRows.SNAPSHOT)))
                .compose(noted -> Postgres.on(connection, FORGET, parameters))
                .compose(forgotten -> Postgres.on(connection, ADD_PLAN, parameters))
                .compose(planned -> Postgres.on(connection, FIND, parameters))
                .map(rows -> MirrorRunRow.toRun(rows.iterator().next()));
    }

    private static <T> Future<T> explained(Throwable failure) {
        return Future.failedFuture(
                Postgres.violates(failure, "mirror_runs_active")
                        ? new GatewayException(Reason.CONFLICT, "Another run of this kind is under way", failure)
                        : failure);
    }

    @Override
    public Future<Optional<MirrorRun>> find(String namespace, MirrorRun.Kind kind, String id) {
        return one(FIND, Map.of("namespace", namespace, "kind", kind.word(), "id", id));
    }

    @Override
    public Future<Optional<MirrorRun>> active(String appId, @Nullable String account, MirrorRun.Kind kind) {
        return one(
                ACTIVE, Map.of("app_id", appId, "account", PgStripeCustomerLinks.orOwn(account), "kind", kind.word()));
    }

    @Override
    public Future<List<MirrorRun>> active(MirrorRun.Kind kind) {
        return postgres.query(ALL_ACTIVE, Map.of("kind", kind.word())).map(rows -> all(rows, MirrorRunRow::toRun));
    }

    private Future<Optional<MirrorRun>> one(String sql, Map<String, Object> parameters) {
        return postgres.query(sql, parameters).map(rows -> Rows.first(rows).map(MirrorRunRow::toRun));
    }

    @Override
    public Future<List<MirrorRun>> list(String namespace, MirrorRun.Kind kind, long after, int most) {
        return postgres.query(LIST, Map.of("namespace", namespace, "kind", kind.word(), "after", after, "most", most))
                .map(rows -> all(rows, MirrorRunRow::toRun));
    }

    static <T> List<T> all(RowSet<Row> rows, Function<Row, T> read) {
        return StreamSupport.stream(rows.spliterator(), false).map(read).toList();
    }

    private static String resource(MirrorRun.Kind kind, String id) {
        return kind.word() + ":" + id;
    }

    @Override
    public Future<Boolean> cancel(Actor actor, MirrorRun.Kind kind, String id) {
        return settle(actor, kind, id, "canceled", CANCEL, onWindows(DROP_WINDOWS));
    }

    @Override
    public Future<Boolean> resume(Actor actor, MirrorRun.Kind kind, String id) {
        return settle(actor, kind, id, "resumed", RESUME, onWindows(TAKE_WINDOWS_UP))
                .recover(PgMirrorRuns::explained);
    }

    @Override
    public Future<Boolean> repair(Actor actor, String id) {
        return settle(actor, MirrorRun.Kind.DRIFT_REPORT, id, "repair_requested", AGAIN, PgMirrorRuns::again)
                .recover(PgMirrorRuns::explained);
    }

    private static Future<?> again(SqlConnection connection, Map<String, Object> run) {
        return Postgres.on(connection, WALK_AGAIN, run)
                .compose(windows ->
                        Postgres.on(connection, windows.rowCount() > 0 ? FORGET_FINDINGS : FINDINGS_AGAIN, run));
    }

    /** What is done with a run's windows once the run itself was changed. */
    private interface OfWindows extends BiFunction<SqlConnection, Map<String, Object>, Future<?>> {}

    private static OfWindows onWindows(String sql) {
        return (connection, run) -> Postgres.on(connection, sql, run);
    }

    /** Changes the run and then its windows; tells whether the run was one that could be changed so. */
    private Future<Boolean> settle(
            Actor actor, MirrorRun.Kind kind, String id, String deed, String ofRun, OfWindows ofWindows) {
        Map<String, Object> wanted = Map.of("namespace", actor.namespace(), "kind", kind.word(), "id", id);
        return postgres.inTransaction(connection -> AuditRows.around(
                        connection, actor, kind.word() + "." + deed, resource(kind, id), LOCK, ofRun, wanted)
                .compose(changed -> changed.isEmpty()
                        ? Future.succeededFuture(false)
                        : ofWindows.apply(connection, wanted).map(true)));
    }

    @Override
    public Future<List<Finding>> findings(String runId, long after, int most) {
        return windows.findings(runId, after, most);
    }

    @Override
    public Future<List<Finding>> suspects(Window window, Duration grace, int most) {
        return windows.suspects(window, grace, most);
    }

    @Override
    public Future<Void> confirm(String runId, long finding) {
        return windows.confirm(runId, finding);
    }

    @Override
    public Future<Optional<Window>> claim(Duration lease, Duration grace, Set<String> othersApps) {
        return windows.claim(lease, grace, othersApps);
    }

    @Override
    public Future<Written> plan(Window plan, List<Window.Range> ranges) {
        return windows.plan(plan, ranges);
    }

    @Override
    public Future<Written> done(Window window, Window.Page page) {
        return windows.done(window, page);
    }

    @Override
    public Future<Void> failed(Window window, String reason) {
        return windows.failed(window, reason);
    }

    @Override
    public Future<Void> postponed(Window window, String reason, Duration pause, boolean counted) {
        return windows.postponed(window, reason, pause, counted);
    }
}
