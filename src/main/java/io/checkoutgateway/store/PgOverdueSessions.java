package io.checkoutgateway.store;

import io.checkoutgateway.apps.StripeApp;
import io.checkoutgateway.mirror.OverdueStore;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;

/** Sessions in Postgres that wait for news for too long. */
public final class PgOverdueSessions implements OverdueStore {
    /** Who waits longest comes first, be it for the first read or for the next one. */
    static final String CLAIM_OVERDUE =
            """
            UPDATE checkout_sessions
            SET overdue_read_at = now()
            WHERE id IN (
                SELECT id FROM checkout_sessions s
                WHERE app_id = #{app_id}
                  AND status = 'open'
                  AND coalesce(overdue_read_at, expires_at) < now() - make_interval(secs => #{over_seconds}::float8)
                  AND stripe_session_id IS NOT NULL
                  AND expires_at < now() - make_interval(secs => #{over_seconds}::float8)
                  AND coalesce(overdue_read_at, '-infinity') < now() - make_interval(secs => #{rest_seconds}::float8)
                  AND stripe_as_of < greatest(
                      expires_at, now() - make_interval(secs => #{rest_seconds}::float8))
                  AND NOT EXISTS (
                      SELECT FROM connected_accounts k
                      WHERE k.account = s.stripe_account_id AND k.app_id = s.app_id AND k.disconnected_at IS NOT NULL)
                ORDER BY coalesce(overdue_read_at, expires_at)
                LIMIT #{most}
                FOR UPDATE SKIP LOCKED)
            RETURNING id, stripe_session_id, stripe_account_id
            """;

    /**
     * Who reads one has it for a short time: one that could not be read has not been looked at. Those of a disconnected
     * account move on in the line too, or all others would wait behind them.
     */
    private static final String CLAIM_OPEN_ENDED =
            """
            UPDATE checkout_sessions s
            SET read_due_at = now() + CASE WHEN due.parked THEN interval '1 day'
                ELSE make_interval(secs => #{lease_seconds}::float8) END
            FROM (
                SELECT id, EXISTS (
                    SELECT FROM connected_accounts k
                    WHERE k.account = waiting.stripe_account_id AND k.app_id = waiting.app_id
                      AND k.disconnected_at IS NOT NULL) AS parked
                FROM checkout_sessions waiting
                WHERE app_id = #{app_id} AND read_due_at <= now()
                ORDER BY read_due_at
                LIMIT #{most}
                FOR UPDATE OF waiting SKIP LOCKED) due
            WHERE s.id = due.id
            RETURNING s.id, s.stripe_session_id, s.stripe_account_id, due.parked
            """;

    private static final String UNREADABLE = "UPDATE checkout_sessions SET read_due_at = NULL WHERE id = #{id}";

    /** As long as the session has been complete: eight reads in a day, a dozen in a month. */
    private static final String REST =
            """
            UPDATE checkout_sessions
            SET read_due_at = CASE
                WHEN stripe_created_at < now() -
            """
                    + SessionChanges.OPEN_ENDS_MAX
                    + """
                    THEN NULL
                ELSE now() + greatest(make_interval(secs => #{least_seconds}::float8), now() - completed_at) END
            WHERE id = #{id} AND read_due_at IS NOT NULL
            """;

    /**
     * As long as it has been over, beside the rest after each read: eight reads in a day, a dozen in a month, and then
     * the last one. Whether Stripe still calls it open or cannot show it: more reads would only keep others from theirs.
     */
    private static final String STILL_OPEN =
            """
            UPDATE checkout_sessions
            SET overdue_read_at = CASE
                WHEN expires_at < now() -
            """
                    + SessionChanges.OPEN_ENDS_MAX
                    + """
                    THEN 'infinity'
                ELSE now() + (now() - expires_at) END
            WHERE id = #{id} AND status = 'open' AND overdue_read_at < 'infinity'
            """;

    private static final String LOST =
            """
            UPDATE checkout_sessions SET overdue_read_at = 'infinity', read_due_at = NULL WHERE id = #{id}
            """;

    private final Postgres postgres;

    public PgOverdueSessions(Postgres postgres) {
        this.postgres = postgres;
    }

    @Override
    public Future<List<Overdue>> claimOverdue(StripeApp app, Duration over, Duration rest, int most) {
        return postgres.query(
                        CLAIM_OVERDUE,
                        Map.of(
                                "app_id",
                                app.id(),
                                "over_seconds",
                                Rows.seconds(over),
                                "rest_seconds",
                                Rows.seconds(rest),
                                "most",
                                most))
                .map(rows -> StreamSupport.stream(rows.spliterator(), false)
                        .map(PgOverdueSessions::toOverdue)
                        .toList());
    }

    @Override
    public Future<OpenEnded> claimOpenEnded(StripeApp app, Duration lease, int most) {
        return postgres.query(
                        CLAIM_OPEN_ENDED,
                        Map.of("app_id", app.id(), "lease_seconds", Rows.seconds(lease), "most", most))
                .map(rows -> new OpenEnded(
                        StreamSupport.stream(rows.spliterator(), false)
                                .filter(row -> !row.getBoolean("parked"))
                                .map(PgOverdueSessions::toOverdue)
                                .toList(),
                        rows.size()));
    }

    private static Overdue toOverdue(Row row) {
        return new Overdue(row.getString("id"), row.getString("stripe_session_id"), row.getString("stripe_account_id"));
    }

    @Override
    public Future<Void> unreadable(Overdue session) {
        return postgres.query(UNREADABLE, Map.of("id", session.id())).mapEmpty();
    }

    @Override
    public Future<Void> rest(Overdue session, Duration least) {
        return postgres.query(REST, Map.of("id", session.id(), "least_seconds", Rows.seconds(least)))
                .mapEmpty();
    }

    @Override
    public Future<Void> stillOpen(Overdue session) {
        return postgres.query(STILL_OPEN, Map.of("id", session.id())).mapEmpty();
    }

    @Override
    public Future<Void> lost(Overdue session) {
        return postgres.query(LOST, Map.of("id", session.id())).mapEmpty();
    }
}
