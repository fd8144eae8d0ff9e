package io.checkoutgateway.store;

import io.checkoutgateway.events.EventStore.Outcome;
import io.checkoutgateway.events.EventStore.Settled;
import io.checkoutgateway.events.StripeEvent;
import io.checkoutgateway.followup.FollowUp;
import io.vertx.sqlclient.Row;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An event that this transaction holds, and the app that it came for.
 *
 * @param sinceReceived for how long it has been here, by the database's clock
 * @param sinceDue for how long it could have been taken, by the same
 * @param replayed whether it had been settled before
 * @param appAccountId the app's own Stripe account
 */
record TakenEvent(
        long row,
        String appId,
        String namespace,
        @Nullable String appAccountId,
        Instant receivedAt,
        Duration sinceReceived,
        Duration sinceDue,
        boolean replayed,
        boolean appLivemode,
        StripeEvent event) {

    static final String COLUMNS =
            """
            e.id, e.app_id, e.event_id, e.type, e.api_version, e.account, e.livemode, e.created, e.object_id, e.body,
            e.received_at, e.settled_at, e.next_attempt_at, a.namespace, a.stripe_account_id, a.livemode AS app_livemode,
            extract(epoch FROM now() - e.received_at)::float8 AS seconds_since_received,
            extract(epoch FROM now() - e.next_attempt_at)::float8 AS seconds_since_due
            """;

    static TakenEvent of(Row row) {
        return new TakenEvent(
                row.getLong("id"),
                row.getString("app_id"),
                row.getString("namespace"),
                row.getString("stripe_account_id"),
                Rows.instantOf(row, "received_at"),
                durationOf(row, "seconds_since_received"),
                durationOf(row, "seconds_since_due"),
                row.getOffsetDateTime("settled_at") != null,
                row.getBoolean("app_livemode"),
                eventOf(row));
    }

    private static Duration durationOf(Row row, String column) {
        return Duration.ofMillis(Math.round(row.getDouble(column) * 1_000));
    }

    /** The event in a row of {@code stripe_events}. */
    static StripeEvent eventOf(Row row) {
        return new StripeEvent(
                row.getString("event_id"),
                row.getString("type"),
                row.getString("api_version"),
                row.getString("account"),
                row.getBoolean("livemode"),
                Rows.instantOf(row, "created"),
                row.getString("object_id"),
                EventBodies.unpacked(row.getBuffer("body")));
    }

    /** Whether it is of the app's own mode: a live endpoint for connected accounts hears of their test data too. */
    boolean ofItsAppsMode() {
        return event.livemode() == null || event.livemode() == appLivemode;
    }

    /** The account that the event is about. */
    @Nullable
    String accountId() {
        return event.account() == null ? appAccountId : event.account();
    }

    /** What it is to a reading that it calls for; {@code null} for one that is replayed, whose lag tells nothing. */
    FollowUp.@Nullable Cause cause() {
        return replayed ? null : new FollowUp.Cause(event.created(), receivedAt);
    }

    /** @param deferred whether it only called for a reading */
    Settled settled(Outcome outcome, String detail, boolean deferred) {
        return new Settled(
                event.id(),
                event.type(),
                event.created(),
                receivedAt,
                sinceReceived,
                sinceDue,
                replayed,
                outcome,
                detail,
                deferred);
    }
}
