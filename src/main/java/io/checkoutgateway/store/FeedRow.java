package io.checkoutgateway.store;

import io.checkoutgateway.feed.FeedEntry;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import java.util.List;
import java.util.stream.StreamSupport;

/** How a change becomes an entry of the feed, and a row of {@code feed} one of the product's. */
final class FeedRow {
    static final String COLUMNS =
            """
            position, namespace, session_id, sequence, type, data ->> 'mode' AS mode, data ->> 'status' AS status,
            data ->> 'payment_status' AS payment_status, data ->> 'setup_intent_status' AS setup_intent_status,
            data ->> 'customer_id' AS customer_id, data::text AS data
            """;

    /** What the transition {@code t} is called. */
    static final String TYPE =
            """
            'checkout_session.' || CASE
                WHEN t.from_status = t.to_status THEN 'updated'
                WHEN t.to_status = 'open' THEN 'opened'
                WHEN t.to_status = 'complete' THEN 'completed'
                ELSE t.to_status END
            """;

    /**
     * The contract's {@code CheckoutSessionEvent}: the transition {@code t} of the session {@code s}, with what
     * {@code o} holds of the session as the transition left it.
     */
    static final String DATA =
            """
            jsonb_strip_nulls(jsonb_build_object(
                'id', s.id,
                'stripe_session_id', s.stripe_session_id,
                'customer_id', s.customer_id,
                'mode', s.mode,
                'status', coalesce(t.to_status, s.status),
                'previous_status', t.from_status,
                'payment_status', o.payment_status,
                'setup_intent_status', o.setup_intent_status,
                'reason', t.reason,
                'source', t.source,
                'event_id', t.event_id,
                'sequence', o.sequence,
                'occurred_at', to_char(
                    coalesce(t.occurred_at, s.updated_at) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')))
            """;

    private FeedRow() {}

    static List<FeedEntry> toEntries(RowSet<Row> rows) {
        return StreamSupport.stream(rows.spliterator(), false)
                .map(FeedRow::toEntry)
                .toList();
    }

    static FeedEntry toEntry(Row row) {
        return new FeedEntry(
                row.getLong("position"),
                row.getString("namespace"),
                row.getString("session_id"),
                row.getLong("sequence"),
                row.getString("type"),
                row.getString("mode"),
                row.getString("status"),
                row.getString("payment_status"),
                row.getString("setup_intent_status"),
                row.getString("customer_id"),
                row.getString("data"));
    }
}
