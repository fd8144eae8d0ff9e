package io.checkoutgateway.store;

import io.checkoutgateway.followup.FollowUp;
import io.checkoutgateway.testing.TestGateway;

/** Wishes for follow-ups as a transaction that learnt something does. */
public final class Wishes {
    private Wishes() {}

    /** Commits this wish alone. */
    public static void add(Postgres postgres, FollowUp wanted) {
        TestGateway.await(postgres.inTransaction(connection -> FollowUpRows.add(connection, wanted)));
    }
}
