package io.checkoutgateway.stripe;

import io.vertx.core.Future;
import io.vertx.core.WorkerExecutor;
import java.time.Duration;

/** On whose behalf calls are made: decides who may enter, on which threads they run, and how patient they are. */
interface Lane {
    /** The word for metrics. */
    String name();

    /** Whether a call made now would be taken. */
    boolean hasRoom();

    /** Takes a call in; fails with a {@link io.checkoutgateway.failure.StripeFailure} when there is no room. */
    Future<Void> enter(String account);

    /** A call that was taken in has ended. */
    void leave(String account);

    /**
     * Waits for a place in the rate, and for whatever else a try needs.
     *
     * @param nanosLeft until the call's deadline
     * @return fails with a {@link io.checkoutgateway.failure.StripeFailure} when the wait would be too long
     */
    Future<Void> place(String account, String operation, long nanosLeft);

    /** A try that got its place has ended: what it held is free while the call waits for its next one. */
    void tried(String account);

    WorkerExecutor workers();

    /** How long a call may take in all, its waits included. */
    Duration deadline();

    /** How often a call is repeated after the first try. */
    int retries();
}
