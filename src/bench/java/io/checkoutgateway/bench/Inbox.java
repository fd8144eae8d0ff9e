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

    long pending() {
        return sql.number(PENDING);
    }

    long settled() {
        return sql.number(SETTLED);
    }

    /** Removes events, sessions and all that hangs on them. */
    void empty() {
        sql.run("TRUNCATE checkout_gateway.stripe_events, checkout_gateway.outbox, checkout_gateway.follow_ups,"
                + " checkout_gateway.checkout_sessions CASCADE");
    }

    /** Nobody pays for what another side has left unwritten. */
    void checkpoint() {
        sql.run("CHECKPOINT");
    }
}
