package io.checkoutgateway.events;

import io.vertx.core.Future;
import java.util.function.Function;

/** Where events are remembered until they are applied, and after. */
public interface EventStore {
    /** Stores an event once; tells whether it is new. It is durable when this succeeds. */
    Future<Boolean> add(String appId, StripeEvent event);

    /**
     * What one look at the inbox did.
     *
     * @param applied changed something, or said nothing new about a known session
     * @param ignored are of no interest here
     * @param retried failed and will be tried again
     * @param quarantined failed for the last time and wait for a person
     */
    record Counts(int applied, int ignored, int retried, int quarantined) {
        public static final Counts NONE = new Counts(0, 0, 0, 0);

        public int total() {
            return applied + ignored + retried + quarantined;
        }

        public Counts plus(Counts other) {
            return new Counts(
                    applied + other.applied,
                    ignored + other.ignored,
                    retried + other.retried,
                    quarantined + other.quarantined);
        }
    }

    /**
     * Takes the oldest pending event that nobody else holds, asks what it means, and writes that and the event's
     * outcome down in one transaction.
     *
     * @param attemptsMax after how many failures the event is set aside
     * @return {@link Counts#NONE} when nothing is pending
     */
    Future<Counts> settleNext(Function<StripeEvent, Meaning> meaningOf, int attemptsMax);

    /** How many events are pending, and how old the oldest is, for metrics. */
    Future<Backlog> backlog();

    /**
     * The inbox at one moment.
     *
     * @param oldestSeconds the age of the oldest pending event; 0 when there is none
     */
    record Backlog(long pending, long quarantined, double oldestSeconds) {}
}
