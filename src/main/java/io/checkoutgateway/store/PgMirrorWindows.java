package io.checkoutgateway.store;

import io.checkoutgateway.mirror.Finding;
import io.checkoutgateway.mirror.MirrorRun;
import io.checkoutgateway.mirror.RunStore;
import io.checkoutgateway.mirror.RunStore.Written;
import io.checkoutgateway.mirror.Tally;
import io.checkoutgateway.mirror.Window;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.SqlConnection;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** The windows of runs: who works at which, how far it has come, and what was found. */
final class PgMirrorWindows {
    /**
     * The second look at what was found comes first, once it has waited for so long, and stretches of time wait while
     * there is much to look at. Which run is next is drawn: one tenant's long run must not keep the others' waiting.
     */
    private static final String CLAIM =
            """
            WITH running AS MATERIALIZED (
                SELECT id, random() AS lot,
                       EXISTS (
                           SELECT FROM mirror_findings f
                           WHERE f.run_id = id AND f.state = 'suspected'
                           OFFSET #{suspects_max}) AS full,
                       (
                           SELECT f.found_at < now() - make_interval(secs => #{grace_seconds}::float8)
                           FROM mirror_findings f
                           WHERE f.run_id = id AND f.state IN ('suspected', 'confirmed')
                             AND (f.state = 'suspected' OR repair)
                           ORDER BY f.state, f.number
                           LIMIT 1) AS ripe
                FROM mirror_runs
                WHERE state = 'running' AND app_id <> ALL (#{others_apps}::text[])
            ), due AS (
                SELECT w.run_id, w.number
                FROM mirror_windows w
                JOIN running r ON r.id = w.run_id
                WHERE w.state = 'pending'
                  AND w.next_attempt_at <= now()
                  AND NOT (w.part = 'sessions' AND r.full)
                  AND (w.part <> 'findings' OR r.ripe OR (r.ripe IS NULL AND NOT EXISTS (
                      SELECT FROM mirror_windows other
                      WHERE other.run_id = w.run_id AND other.state = 'pending' AND other.part <> 'findings')))
                ORDER BY r.lot, w.part <> 'findings', w.number
                LIMIT 1
                FOR UPDATE OF w SKIP LOCKED
            )
            UPDATE mirror_windows w
            SET lease = nextval('create_leases'),
                next_attempt_at = now() + make_interval(secs => #{lease_seconds}::float8),
                attempts = w.attempts + 1
            FROM due, mirror_runs r
            WHERE w.run_id = due.run_id AND w.number = due.number AND r.id = due.run_id
            RETURNING r.kind, w.run_id, w.number, w.part, r.repair, r.app_id, r.account, w.lease, w.attempts,
                      w.failures,
                      coalesce(w.range_from, r.range_from) AS range_from, coalesce(w.range_to, r.range_to) AS range_to,
                      w.cursor_id, w.cursor_second, w.cursor_ids
            """;

    /** The run's row is locked, so that of two who finish the last two windows one sees that both are done. */
    private static final String LOCK =
            """
            SELECT r.state
            FROM mirror_runs r
            JOIN mirror_windows w ON w.run_id = r.id
            WHERE r.id = #{run_id} AND w.number = #{number} AND w.lease = #{lease}
              AND r.state = 'running' AND w.state = 'pending'
            FOR UPDATE
            """;

    private static final String BEGIN_RANGE =
            """
            UPDATE mirror_runs
            SET range_from = #{from}, from_beginning = range_from IS NULL
            WHERE id = #{run_id}
            """;

    private static final String ADD =
            """
            INSERT INTO mirror_windows (run_id, number, part, range_from, range_to)
            SELECT #{run_id}, w.number, 'sessions', w.range_from, w.range_to
            FROM unnest(#{from}::timestamptz[], #{to}::timestamptz[])
                WITH ORDINALITY AS w (range_from, range_to, number)
            """;

    private static final String ADD_FINDINGS =
            """
            INSERT INTO mirror_windows (run_id, number, part) VALUES (#{run_id}, #{count} + 1, 'findings')
            """;

    private static final String DONE =
            """
            UPDATE mirror_windows
            SET state = CASE WHEN #{next_id}::text IS NULL AND NOT (part = 'findings' AND EXISTS (
                                 SELECT FROM mirror_windows other
                                 WHERE other.run_id = #{run_id} AND other.state = 'pending' AND other.part <> 'findings'
                                 UNION ALL
                                 SELECT FROM mirror_findings f
                                 WHERE f.run_id = #{run_id} AND f.state = 'suspected'))
                             THEN 'done' ELSE 'pending' END,
                cursor_id = #{next_id},
                cursor_second = #{next_second},
                cursor_ids = #{next_ids}::text[],
                attempts = 0,
                failures = 0,
                waiting = NULL,
                next_attempt_at = now(),
                pages = pages + 1,
                seen = seen + #{seen},
                added = added + #{added},
                changed = changed + #{changed},
                unreadable = unreadable + #{unreadable},
                missing_here = missing_here + #{missing_here},
                missing_at_stripe = missing_at_stripe + #{missing_at_stripe},
                differs = differs + #{differs},
                repaired = repaired + #{repaired}
            WHERE run_id = #{run_id} AND number = #{number}
            """;

    private static final String ADD_SUSPECTS =
            """
            INSERT INTO mirror_findings (run_id, stripe_session_id, session_id, kind, fields)
            SELECT #{run_id}, s.stripe_session_id, s.session_id, s.kind,
                   ARRAY(SELECT jsonb_array_elements_text(s.fields))
            FROM jsonb_to_recordset(#{suspects}::jsonb)
                AS s (stripe_session_id text, session_id text, kind text, fields jsonb)
            ON CONFLICT (run_id, stripe_session_id) DO NOTHING
            """;

    private static final String FORGET =
            """
            DELETE FROM mirror_findings WHERE run_id = #{run_id} AND number = #{finding}
            """;

    private static final String JUDGE =
            """
            UPDATE mirror_findings
            SET state = #{state}, kind = #{kind}, session_id = #{session_id}, fields = #{fields}::text[]
            WHERE run_id = #{run_id} AND number = #{finding}
            """;

    /** Those that were judged first are listed; the others are in the counts. */
    private static final String CUT =
            """
            DELETE FROM mirror_findings
            WHERE run_id = #{run_id}
              AND (state IN ('repaired', 'left') OR (state = 'confirmed' AND NOT #{repair}))
              AND number > (
                  SELECT number FROM mirror_findings
                  WHERE run_id = #{run_id} AND state <> 'suspected'
                  ORDER BY number
                  OFFSET #{most} - 1 LIMIT 1)
            """;

    private static final String CONFIRM =
            """
            UPDATE mirror_findings SET state = 'confirmed'
            WHERE run_id = #{run_id} AND number = #{finding} AND state = 'suspected'
            """;

    /** In a run that mends, what is confirmed and not mended yet is one too: whoever was at it died. */
    private static final String SUSPECTS =
            """
            SELECT number, stripe_session_id, session_id, kind, fields, state, found_at
            FROM mirror_findings
            WHERE run_id = #{run_id} AND state IN ('suspected', 'confirmed') AND (state = 'suspected' OR #{repair})
              AND found_at < now() - make_interval(secs => #{grace_seconds}::float8)
            ORDER BY state, number
            LIMIT #{most}
            """;

    private static final String COMPLETE =
            """
            UPDATE mirror_runs
            SET state = 'completed', finished_at = now()
            WHERE id = #{run_id}
              AND NOT EXISTS (SELECT FROM mirror_windows WHERE run_id = #{run_id} AND state = 'pending')
            """;

    private static final String POSTPONE =
            """
            UPDATE mirror_windows
            SET next_attempt_at = now() + make_interval(secs => #{pause_seconds}::float8),
                failures = failures + #{counted},
                waiting = left(#{waiting}, 500)
            WHERE run_id = #{run_id} AND number = #{number}
            """;

    private static final String FAIL =
            """
            UPDATE mirror_runs SET state = 'failed', failure = left(#{failure}, 500), finished_at = now()
            WHERE id = #{run_id}
            """;

    private static final String DROP =
            """
            UPDATE mirror_windows SET state = 'dropped', waiting = NULL WHERE run_id = #{run_id} AND state = 'pending'
            """;

    private static final String FINDINGS =
            """
            SELECT number, stripe_session_id, session_id, kind, fields, state, found_at
            FROM mirror_findings
            WHERE run_id = #{run_id} AND number > #{after}
            ORDER BY number
            LIMIT #{most}
            """;

    private final Postgres postgres;

    PgMirrorWindows(Postgres postgres) {
        this.postgres = postgres;
    }

    Future<List<Finding>> findings(String runId, long after, int most) {
        return postgres.query(FINDINGS, Map.of("run_id", runId, "after", after, "most", most))
                .map(rows -> PgMirrorRuns.all(rows, MirrorRunRow::toFinding));
    }

    Future<List<Finding>> suspects(Window window, Duration grace, int most) {
        return postgres.query(
                        SUSPECTS,
                        Map.of(
                                "run_id",
                                window.runId(),
                                "repair",
                                window.repair(),
                                "grace_seconds",
                                Rows.seconds(grace),
                                "most",
                                most))
                .map(rows -> PgMirrorRuns.all(rows, MirrorRunRow::toFinding));
    }

    Future<Void> confirm(String runId, long finding) {
        return postgres.query(CONFIRM, Map.of("run_id", runId, "finding", finding))
                .mapEmpty();
    }

    Future<Optional<Window>> claim(Duration lease, Duration grace, Set<String> othersApps) {
        return postgres.query(
                        CLAIM,
                        Map.of(
                                "lease_seconds",
                                (double) lease.toSeconds(),
                                "grace_seconds",
                                Rows.seconds(grace),
                                "suspects_max",
                                (long) RunStore.SUSPECTS_MAX,
                                "others_apps",
                                othersApps.toArray(String[]::new)))
                .map(rows -> Rows.first(rows).map(MirrorRunRow::toWindow));
    }

    Future<Written> plan(Window plan, List<Window.Range> ranges) {
        OffsetDateTime[] from =
                ranges.stream().map(range -> Rows.utc(range.from())).toArray(OffsetDateTime[]::new);
        OffsetDateTime[] to = ranges.stream().map(range -> Rows.utc(range.to())).toArray(OffsetDateTime[]::new);
        return whileOurs(
                plan, connection -> Postgres.on(connection, ADD, Map.of("run_id", plan.runId(), "from", from, "to", to))
                        .compose(added -> addFindings(connection, plan, ranges.size()))
                        .compose(added -> Postgres.on(
                                connection,
                                BEGIN_RANGE,
                                Parameters.of("run_id", plan.runId())
                                        .and("from", ranges.isEmpty() ? null : from[ranges.size() - 1])
                                        .map()))
                        .compose(begun ->
                                write(connection, plan, new Window.Page(null, 0, Tally.NOTHING, List.of(), List.of())))
                        .compose(done -> complete(connection, plan)));
    }

    private static Future<Void> addFindings(SqlConnection connection, Window plan, int count) {
        return plan.kind() == MirrorRun.Kind.BACKFILL
                ? Future.succeededFuture()
                : Postgres.on(connection, ADD_FINDINGS, Map.of("run_id", plan.runId(), "count", count))
                        .mapEmpty();
    }

    Future<Written> done(Window window, Window.Page page) {
        return whileOurs(window, connection -> addSuspects(connection, window, page.suspects())
                .compose(added -> judge(connection, window, page.verdicts()))
                .compose(judged -> write(connection, window, page))
                .compose(written ->
                        page.next() != null ? Future.succeededFuture(Written.NOTED) : complete(connection, window)));
    }

    /** One step of a run's history; nothing when the window is another process's by now, or the run is over. */
    private Future<Written> whileOurs(Window window, Function<SqlConnection, Future<Written>> steps) {
        return postgres.inTransaction(
                connection -> Postgres.on(connection, LOCK, of(window).map())
                        .compose(ours ->
                                ours.size() == 0 ? Future.succeededFuture(Written.TOO_LATE) : steps.apply(connection)));
    }

    private static Parameters of(Window window) {
        return Parameters.of("run_id", window.runId())
                .and("number", window.number())
                .and("lease", window.lease());
    }

    private static Future<Void> write(SqlConnection connection, Window window, Window.Page page) {
        Window.Place next = page.next();
        Tally tally = page.tally();
        return Postgres.on(
                        connection,
                        DONE,
                        of(window)
                                .and("next_id", next == null ? null : next.id())
                                .and("next_second", next == null ? null : Rows.utc(next.second()))
                                .and(
                                        "next_ids",
                                        next == null
                                                ? new String[0]
                                                : next.idsOfSecond().toArray(String[]::new))
                                .and("seen", page.seen())
                                .and("added", tally.added())
                                .and("changed", tally.changed())
                                .and("unreadable", tally.unreadable())
                                .and("missing_here", tally.missingHere())
                                .and("missing_at_stripe", tally.missingAtStripe())
                                .and("differs", tally.differs())
                                .and("repaired", tally.repaired())
                                .map())
                .mapEmpty();
    }

    private static Future<Void> addSuspects(SqlConnection connection, Window window, List<Finding.Suspect> suspects) {
        if (suspects.isEmpty()) {
            return Future.succeededFuture();
        }
        JsonArray rows = new JsonArray();
        suspects.forEach(suspect -> rows.add(new JsonObject()
                .put("stripe_session_id", suspect.stripeSessionId())
                .put("session_id", suspect.sessionId())
                .put("kind", suspect.kind().word())
                .put("fields", new JsonArray(suspect.fields()))));
        return Postgres.on(connection, ADD_SUSPECTS, Map.of("run_id", window.runId(), "suspects", rows))
                .mapEmpty();
    }

    private static Future<Void> judge(SqlConnection connection, Window window, List<Window.Verdict> verdicts) {
        Future<Void> all = Future.succeededFuture();
        for (Window.Verdict verdict : verdicts) {
            all = all.compose(judged -> judge(connection, window, verdict));
        }
        return verdicts.isEmpty() ? all : all.compose(judged -> cut(connection, window));
    }

    private static Future<Void> judge(SqlConnection connection, Window window, Window.Verdict verdict) {
        Finding.State state = verdict.state();
        return Postgres.on(
                        connection,
                        state == null ? FORGET : JUDGE,
                        Parameters.of("run_id", window.runId())
                                .and("finding", verdict.finding())
                                .and("state", state == null ? null : state.word())
                                .and("kind", verdict.kind().word())
                                .and("session_id", verdict.sessionId())
                                .and("fields", verdict.fields().toArray(String[]::new))
                                .map())
                .mapEmpty();
    }

    private static Future<Void> cut(SqlConnection connection, Window window) {
        return Postgres.on(
                        connection,
                        CUT,
                        Map.of("run_id", window.runId(), "repair", window.repair(), "most", RunStore.FINDINGS_MAX))
                .mapEmpty();
    }

    private static Future<Written> complete(SqlConnection connection, Window window) {
        return Postgres.on(connection, COMPLETE, Map.of("run_id", window.runId()))
                .map(rows -> rows.rowCount() > 0 ? Written.COMPLETED : Written.NOTED);
    }

    Future<Void> failed(Window window, String reason) {
        return whileOurs(window, connection -> fail(connection, window, reason).map(Written.NOTED))
                .mapEmpty();
    }

    Future<Void> postponed(Window window, String reason, Duration pause, boolean counted) {
        return whileOurs(window, connection -> postpone(connection, window, reason, pause, counted)
                        .map(Written.NOTED))
                .mapEmpty();
    }

    private static Future<Void> postpone(
            SqlConnection connection, Window window, String reason, Duration pause, boolean counted) {
        return Postgres.on(
                        connection,
                        POSTPONE,
                        of(window)
                                .and("pause_seconds", Rows.seconds(pause))
                                .and("counted", counted ? 1 : 0)
                                .and("waiting", reason)
                                .map())
                .mapEmpty();
    }

    private static Future<Void> fail(SqlConnection connection, Window window, String reason) {
        return Postgres.on(connection, FAIL, Map.of("run_id", window.runId(), "failure", reason))
                .compose(failed -> Postgres.on(connection, DROP, Map.of("run_id", window.runId())))
                .mapEmpty();
    }
}
