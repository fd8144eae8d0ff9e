package io.checkoutgateway.followup;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.time.Instant;

/**
 * How long events take to their rows, each of them counted once: by itself, or by the reading that it calls for. Whoever
 * has one of the same registry adds to the same.
 */
public final class EventLag {
    /** Within a second is the promise; the others tell how far it is from being kept. */
    private static final Duration[] LAGS = {
        Duration.ofMillis(100),
        Duration.ofMillis(250),
        Duration.ofMillis(500),
        Duration.ofSeconds(1),
        Duration.ofSeconds(2),
        Duration.ofSeconds(5),
        Duration.ofSeconds(30),
        Duration.ofMinutes(5),
        Duration.ofHours(1)
    };

    private final Timer sinceCreated;
    private final Timer sinceReceived;

    public EventLag(MeterRegistry metrics) {
        this.sinceCreated = timer(
                metrics,
                "gateway.events.lag",
                "From each event's creation at Stripe to its row, written by itself or by the reading it called for");
        this.sinceReceived = timer(
                metrics,
                "gateway.events.wait",
                "From each event's arrival to its row, written by itself or by the reading it called for");
    }

    private static Timer timer(MeterRegistry metrics, String name, String description) {
        return Timer.builder(name)
                .description(description)
                .serviceLevelObjectives(LAGS)
                .register(metrics);
    }

    /**
     * What an event tells of is in its row, or was found to need no change.
     *
     * @param created when it happened, by Stripe's clock
     * @param receivedAt when it was stored, by the store's clock
     * @param sinceReceived for how long it had been here by then, by the same
     */
    public void record(Instant created, Instant receivedAt, Duration sinceReceived) {
        sinceCreated.record(Duration.between(created, receivedAt).plus(sinceReceived));
        this.sinceReceived.record(sinceReceived);
    }
}
