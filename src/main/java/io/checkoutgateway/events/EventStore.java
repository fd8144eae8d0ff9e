package io.checkoutgateway.events;

import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Function;

/** Where events are remembered until they are applied, and after. */
public interface EventStore {
    /** Stores an event once; tells whether it is new. It is durable when this succeeds. */
    Future<Boolean> add(String appId, StripeEvent event, Delivery delivery);

    /** Whether events arrive by the thousand a second, so that storing them needs all that there is. */
    boolean isBusy();

    /** What became of an event. */
    enum Outcome {
        /** It changed a session, or said nothing new about one. */
        APPLIED,
        /** It is of no interest here. */
        IGNORED,
        /** It failed and will be tried again. */
        RETRIED,
        /** It failed for the last time and waits for a person. */
        QUARANTINED
    }

    /**
     * One event that was taken from the inbox.
     *
     * @param eventId Stripe's {@code evt_…}
     * @param created when it happened, by Stripe's clock
     * @param receivedAt when it was stored
     * @param sinceReceived for how long it had been here when it was taken, by the store's clock
     * @param sinceDue for how long it could have been taken then, by the same
     * @param replayed whether it had been settled before
     * @param detail the session's id for an applied event, else why it was not applied
     * @param deferred whether it was applied by calling for a reading: its row follows when Stripe was asked, and its lag
     *     is that of the reading
     */
    record Settled(
            String eventId,
            String type,
            Instant created,
            Instant receivedAt,
            Duration sinceReceived,
            Duration sinceDue,
            boolean replayed,
            Outcome outcome,
            String detail,
            boolean deferred) {}

    /**
     * Takes the oldest pending event that nobody else holds, asks what it means, and writes that and the event's
     * outcome down in one transaction.
     *
     * @param attemptsMax after how many failures the event is set aside
     * @return empty when nothing is pending
     */
    Future<Optional<Settled>> settleNext(Function<StripeEvent, Meaning> meaningOf, int attemptsMax);

    /**
     * Forgets some of the events that were settled long ago; those that wait for a person stay.
     *
     * @return whether there may be more
     */
    Future<Boolean> forget(Duration retention);

    /** How many events are pending, up to some thousands, and for how long the oldest has been, for metrics. */
    Future<Backlog> backlog();

    /**
     * The inbox at one moment.
     *
     * @param oldestSeconds since the oldest pending event arrived, or since it was replayed; 0 when there is none
     */
    record Backlog(long pending, long quarantined, double oldestSeconds) {}
}
