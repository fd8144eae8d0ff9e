package io.checkoutgateway.store;

import io.checkoutgateway.checkout.CheckoutSession;
import io.checkoutgateway.checkout.Observation;
import io.checkoutgateway.checkout.StripeSession;
import io.checkoutgateway.followup.FollowUp;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Writes down what is to be done at Stripe, as a step of the transaction that calls for it. */
final class FollowUpRows {
    /** More events than a session has; those that called first have waited for longest. */
    private static final int CAUSES_MAX = 100;

    /**
     * A repeated wish is a new generation of the same row. While someone is at work on it, it comes no earlier for
     * that. One that failed and waits keeps most of its attempts, and a pause of about a minute between them once it
     * failed as often as that, so that many wishes in a row do not become many calls; a longer pause of an outage that
     * may be over is cut to the same. One that somebody may be waiting for comes out of the background. What it will
     * find happened no later than the earliest of them says; the column {@code set_up_at} has its name from the first
     * kind that had such a time. Of a crowd of events that wait for it, the first are kept.
     */
    private static final String ADD =
            """
            INSERT INTO follow_ups (
                app_id, kind, subject, account, set_up_at, background, events_created, events_received)
            SELECT #{app_id}, #{kind}, #{subject}, nullif(#{account}, stripe_account_id), #{set_up_at}::timestamptz,
                   #{background}, #{events_created}::timestamptz[], #{events_received}::timestamptz[]
            FROM apps WHERE id = #{app_id}
            ON CONFLICT (app_id, kind, subject) DO UPDATE
            SET generation = follow_ups.generation + 1,
                account = coalesce(excluded.account, follow_ups.account),
                set_up_at = least(excluded.set_up_at, follow_ups.set_up_at),
                background = follow_ups.background AND excluded.background,
                events_created = (follow_ups.events_created || excluded.events_created)[:%1$d],
                events_received = (follow_ups.events_received || excluded.events_received)[:%1$d],
                state = 'pending',
                attempts = CASE follow_ups.state WHEN 'given_up' THEN 0 ELSE least(follow_ups.attempts, 5) END,
                begun = CASE follow_ups.state WHEN 'given_up' THEN 0 ELSE follow_ups.begun END,
                next_attempt_at = CASE
                    WHEN follow_ups.state = 'given_up' THEN now()
                    WHEN follow_ups.begun > 0 THEN follow_ups.next_attempt_at
                    ELSE least(follow_ups.next_attempt_at, now() + interval '64 seconds') END
            """
                    .formatted(CAUSES_MAX);

    /** That a row of {@code checkout_sessions} has no line items, and none are being fetched. */
    static final String LACKING_LINE_ITEMS =
            """
            line_items IS NULL AND NOT EXISTS (
                SELECT FROM follow_ups f
                WHERE f.app_id = checkout_sessions.app_id AND f.kind = 'fetch_line_items'
                  AND f.subject = checkout_sessions.stripe_session_id AND f.state = 'pending')
            """;

    private static final String LACKS_LINE_ITEMS =
            "SELECT id FROM checkout_sessions WHERE id = #{id} AND " + LACKING_LINE_ITEMS;

    private FollowUpRows() {}

    /** Calls for it, once; an account that is the app's own goes without saying. */
    static Future<Void> add(SqlConnection connection, FollowUp wanted) {
        return add(connection, wanted, null);
    }

    /** @param cause the event that reaches its row when this is met; {@code null} for none */
    static Future<Void> add(SqlConnection connection, FollowUp wanted, FollowUp.@Nullable Cause cause) {
        return Postgres.on(
                        connection,
                        ADD,
                        Parameters.of("app_id", wanted.appId())
                                .and("kind", wanted.kind().word())
                                .and("subject", wanted.subject())
                                .and("account", wanted.account())
                                .and("set_up_at", Rows.utc(wanted.happenedAt()))
                                .and("background", wanted.background())
                                .and("events_created", cause == null ? null : times(cause.created()))
                                .and("events_received", cause == null ? null : times(cause.receivedAt()))
                                .map())
                .mapEmpty();
    }

    /** The wish that a row of {@code follow_ups} is, of all the columns of which a wish consists. */
    static FollowUp toFollowUp(Row row) {
        return new FollowUp(
                FollowUp.Kind.of(row.getString("kind")).orElseThrow(),
                row.getString("app_id"),
                row.getString("account"),
                row.getString("subject"),
                Rows.instant(row, "set_up_at"),
                row.getBoolean("background"));
    }

    private static OffsetDateTime[] times(Instant one) {
        return new OffsetDateTime[] {one.atOffset(ZoneOffset.UTC)};
    }

    /**
     * Wishes for a session's line items when they may be others than before: it became known, its status or its payment
     * changed, or a caller asked to look again. In {@code setup} mode there are none.
     */
    static Future<Void> addLineItems(
            SqlConnection connection, CheckoutSession known, CheckoutSession now, Observation seen) {
        StripeSession stripe = now.stripe();
        if (stripe == null || !stripe.sells()) {
            return Future.succeededFuture();
        }
        boolean wanted = seen.source() == Observation.Source.REFRESH || differs(known.stripe(), stripe);
        return wanted ? add(connection, lineItemsOf(now, stripe)) : Future.succeededFuture();
    }

    /**
     * Wishes for a session's line items where they never came, and nobody fetches them already: the wish was lost with
     * a database that was restored, or given up.
     */
    static Future<Void> addMissingLineItems(SqlConnection connection, CheckoutSession now) {
        StripeSession stripe = now.stripe();
        return stripe == null || !stripe.sells()
                ? Future.succeededFuture()
                : Postgres.on(connection, LACKS_LINE_ITEMS, Map.of("id", now.id()))
                        .compose(rows -> Rows.first(rows).isPresent()
                                ? add(connection, lineItemsOf(now, stripe))
                                : Future.succeededFuture());
    }

    private static FollowUp lineItemsOf(CheckoutSession session, StripeSession stripe) {
        return new FollowUp(FollowUp.Kind.FETCH_LINE_ITEMS, session.appId(), session.accountId(), stripe.id());
    }

    private static boolean differs(@Nullable StripeSession before, StripeSession now) {
        return before == null
                || before.status() != now.status()
                || !Objects.equals(before.paymentStatus(), now.paymentStatus());
    }
}
