package io.checkoutgateway.store;

import io.checkoutgateway.followup.FollowUp;
import io.checkoutgateway.followup.FollowUpStore;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/** Follow-ups in Postgres. The end of a claim tells it from every other claim of the row. */
public final class PgFollowUps implements FollowUpStore {
    /** The account's return makes it due; so often one is looked at whose return missed it. */
    private static final String PARKED = "interval '1 day'";

    /** How many of disconnected accounts are put off before a claim ends; the next one goes on. */
    private static final int PARKED_MAX = 200;

    private static final String CLAIM_NEWS = claim("NOT (background OR kind = 'fetch_line_items')");
    private static final String CLAIM_BACKGROUND = claim("(background OR kind = 'fetch_line_items')");

    /**
     * One of a disconnected account is put off instead, uncounted: to look for the next one behind it could mean to look
     * through all of that account's, time and again.
     *
     * @param line the condition of the index that serves it
     */
    private static String claim(String line) {
        return """
            WITH due AS (
                SELECT id, next_attempt_at, EXISTS (
                    SELECT FROM connected_accounts k
                    WHERE k.account = waiting.account AND k.app_id = waiting.app_id
                      AND k.disconnected_at IS NOT NULL) AS parked
                FROM follow_ups waiting
                WHERE state = 'pending' AND %s AND next_attempt_at BETWEEN #{from} AND now()
                ORDER BY next_attempt_at, id
                LIMIT 1
                FOR UPDATE OF waiting SKIP LOCKED
            )
            UPDATE follow_ups f
            SET begun = CASE WHEN due.parked THEN 0 ELSE f.begun + 1 END,
                next_attempt_at = now() + CASE WHEN due.parked THEN %s
                    ELSE make_interval(secs => #{lease_seconds}) END
            FROM due
            WHERE f.id = due.id
            RETURNING due.parked, due.next_attempt_at AS was_due_at,
                f.id, f.app_id, f.kind, f.subject, f.account, f.set_up_at, f.background, f.generation,
                f.attempts, f.begun, f.next_attempt_at, f.events_created, f.events_received
            """
                .formatted(line, PARKED);
    }

    private static final String FORGET =
            "DELETE FROM follow_ups WHERE id = #{id} AND generation = #{generation} RETURNING now() AS met_at";

    /** For a wish that was repeated while somebody worked at it. */
    private static final String AGAIN =
            """
            UPDATE follow_ups
            SET next_attempt_at = now(), attempts = 0, begun = 0, outcome = NULL,
                events_created = events_created[#{causes}::int + 1:],
                events_received = events_received[#{causes}::int + 1:]
            WHERE id = #{id} AND next_attempt_at = #{until}
            RETURNING now() AS met_at
            """;

    /** A wish that was repeated meanwhile has not failed yet. */
    private static final String IS_LAST = "attempts + 1 >= #{attempts_max} AND generation = #{generation}";

    /** Waits 2, 4, 8 … seconds, an hour at most. What is given up has no lag, like an event that is quarantined. */
    private static final String FAIL =
            """
            UPDATE follow_ups
            SET outcome = #{outcome},
                state = CASE WHEN %1$s THEN 'given_up' ELSE 'pending' END,
                attempts = CASE WHEN generation = #{generation} THEN attempts + 1 ELSE least(attempts + 1, 5) END,
                events_created = CASE WHEN %1$s THEN NULL ELSE events_created END,
                events_received = CASE WHEN %1$s THEN NULL ELSE events_received END,
                begun = 0,
                next_attempt_at = now() + make_interval(secs => least(3600, 2 ^ least(attempts + 1, 12)))
            WHERE id = #{id} AND next_attempt_at = #{until}
            RETURNING state
            """
                    .formatted(IS_LAST);

    /** Up to a quarter longer: else the process that cannot meet it would look at the very moment it is due, every time. */
    private static final String PUT_OFF =
            """
            UPDATE follow_ups
            SET outcome = #{outcome},
                begun = 0,
                next_attempt_at = now() + CASE WHEN generation = #{generation}
                    THEN (1 + random() / 4) * least(
                        interval '1 hour',
                        greatest(make_interval(secs => #{least_seconds}::float8), (now() - created_at) / 10))
                    ELSE interval '2 seconds' END
            WHERE id = #{id} AND next_attempt_at = #{until}
            """;

    private static final String BACKLOG =
            """
            SELECT (SELECT count(*) FROM (SELECT 1 FROM follow_ups WHERE state = 'pending' LIMIT #{most}) counted)
                       AS pending,
                   (SELECT count(*) FROM (SELECT 1 FROM follow_ups WHERE state = 'given_up' LIMIT #{most}) counted)
                       AS given_up,
                   greatest(0, coalesce(extract(epoch FROM now() - least(
                       (SELECT min(next_attempt_at) FROM follow_ups
                        WHERE state = 'pending' AND NOT (background OR kind = 'fetch_line_items')),
                       (SELECT min(next_attempt_at) FROM follow_ups
                        WHERE state = 'pending' AND (background OR kind = 'fetch_line_items')))), 0))::float8 AS overdue_seconds
            """;

    /** Whoever sees ten thousand knows enough. */
    private static final int COUNTED_MAX = 10_000;

    /** Long enough for a cause, short enough for a list. */
    private static final int OUTCOME_MAX = 500;

    private final Postgres postgres;
    private final Front<OffsetDateTime> news;
    private final Front<OffsetDateTime> background;

    public PgFollowUps(Postgres postgres) {
        this.postgres = postgres;
        this.news = Front.ofTimes(System::nanoTime);
        this.background = Front.ofTimes(System::nanoTime);
    }

    @Override
    public Future<Optional<Claimed>> claim(Line line, Duration lease) {
        double seconds = lease.toSeconds();
        return switch (line) {
            case NEWS -> claim(CLAIM_NEWS, news, seconds, PARKED_MAX);
            case BACKGROUND -> claim(CLAIM_BACKGROUND, background, seconds, PARKED_MAX);
        };
    }

    private Future<Optional<Claimed>> claim(
            String sql, Front<OffsetDateTime> due, double leaseSeconds, int parkedLeft) {
        return postgres.query(sql, Map.of("from", due.lookFrom(), "lease_seconds", leaseSeconds))
                .map(Rows::first)
                .onSuccess(first -> first.ifPresent(row -> due.found(row.getOffsetDateTime("was_due_at"))))
                .compose(first -> first.filter(row -> row.getBoolean("parked"))
                        .map(parked -> parkedLeft == 0
                                ? Future.succeededFuture(Optional.<Claimed>empty())
                                : claim(sql, due, leaseSeconds, parkedLeft - 1))
                        .orElseGet(() -> Future.succeededFuture(first.map(PgFollowUps::toClaimed))));
    }

    /** Two statements: the second must see a wish that the first one waited for. */
    @Override
    public Future<Optional<Instant>> met(Claimed claimed) {
        Map<String, Object> parameters =
                parametersOf(claimed).and("causes", claimed.causes().size()).map();
        return postgres.query(FORGET, parameters)
                .compose(forgotten -> forgotten.rowCount() > 0
                        ? Future.succeededFuture(forgotten)
                        : postgres.query(AGAIN, parameters))
                .map(rows -> Rows.first(rows).map(row -> Rows.instantOf(row, "met_at")));
    }

    @Override
    public Future<Failed> failed(Claimed claimed, String reason, int attemptsMax) {
        Parameters parameters =
                parametersOf(claimed).and("outcome", cut(reason)).and("attempts_max", attemptsMax);
        return postgres.query(FAIL, parameters.map()).map(rows -> Rows.first(rows)
                .map(row -> row.getString("state").equals("given_up") ? Failed.GIVEN_UP : Failed.RETRIED)
                .orElse(Failed.OVERTAKEN));
    }

    @Override
    public Future<Boolean> putOff(Claimed claimed, String reason, Duration least) {
        Parameters parameters =
                parametersOf(claimed).and("outcome", cut(reason)).and("least_seconds", Rows.seconds(least));
        return postgres.query(PUT_OFF, parameters.map()).map(rows -> rows.rowCount() > 0);
    }

    private static String cut(String reason) {
        return reason.length() <= OUTCOME_MAX ? reason : reason.substring(0, OUTCOME_MAX);
    }

    @Override
    public Future<Backlog> backlog() {
        return postgres.query(BACKLOG, Map.of("most", COUNTED_MAX)).map(rows -> {
            Row row = rows.iterator().next();
            return new Backlog(row.getLong("pending"), row.getLong("given_up"), row.getDouble("overdue_seconds"));
        });
    }

    private static Parameters parametersOf(Claimed claimed) {
        return Parameters.of("id", claimed.row())
                .and("generation", claimed.generation())
                .and("until", Rows.utc(claimed.until()));
    }

    private static Claimed toClaimed(Row row) {
        return new Claimed(
                row.getLong("id"),
                FollowUpRows.toFollowUp(row),
                row.getLong("generation"),
                row.getInteger("attempts") + row.getInteger("begun"),
                row.getInteger("begun"),
                Rows.instantOf(row, "next_attempt_at"),
                causesIn(row));
    }

    private static List<FollowUp.Cause> causesIn(Row row) {
        OffsetDateTime[] created = row.getArrayOfOffsetDateTimes("events_created");
        OffsetDateTime[] received = row.getArrayOfOffsetDateTimes("events_received");
        return created == null || received == null
                ? List.of()
                : IntStream.range(0, created.length)
                        .mapToObj(i -> new FollowUp.Cause(created[i].toInstant(), received[i].toInstant()))
                        .toList();
    }
}
