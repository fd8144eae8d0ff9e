package io.checkoutgateway.bench;

/** The gateway's stored events, from the outside. */
record Inbox(Sql sql) {
    private static final String SETTLED =
            """
            SELECT count(*) FROM checkout_gateway.stripe_events WHERE state <> 'pending'
            """;

    private static final String PENDING =
            """
            SELECT count(*) FROM checkout_gateway.stripe_events WHERE state = 'pending'
            """;

    long events() {
        return sql.number("SELECT count(*) FROM checkout_gateway.stripe_events");
    }

    /** The body of an event as it lies in its row, in hexadecimal digits. */
    String body() {
        return sql.value("SELECT encode(body, 'hex') FROM checkout_gateway.stripe_events LIMIT 1");
    }

    long pending() {
        return sql.number(PENDING);
    }

    long settled() {
        return sql.number(SETTLED);
    }

    /** Removes all events, also those that are pending, and what came of them but the sessions. */
    void empty() {
        sql.run("TRUNCATE checkout_gateway.stripe_events, checkout_gateway.outbox, checkout_gateway.follow_ups");
    }

    /** Leaves nothing to apply, and what was applied where it is. */
    void forgetPending() {
        sql.run("DELETE FROM checkout_gateway.stripe_events WHERE state = 'pending'");
    }

    /** Nobody pays for what another side has left unwritten. */
    void checkpoint() {
        sql.run("CHECKPOINT");
    }
}
