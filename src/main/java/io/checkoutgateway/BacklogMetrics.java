package io.checkoutgateway;

import io.checkoutgateway.events.EventStore;
import io.checkoutgateway.events.EventStore.Backlog;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.ToDoubleFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The inbox's depth as gauges. They are read on their own, rather than with each scrape or with the worker's rounds: a
 * worker that hangs must not keep them where they were last good. What could not be read of late is no number.
 */
final class BacklogMetrics {
    private static final Logger LOG = LoggerFactory.getLogger(BacklogMetrics.class);

    /** Often enough for whoever scrapes every ten seconds; every replica looks. */
    static final Duration INTERVAL = Duration.ofSeconds(5);

    /** Some looks may fail, while Postgres is restarted for instance. */
    static final Duration KNOWN_FOR = Duration.ofMinutes(1);

    private record Reading(Backlog backlog, long atNanos) {}

    private final EventStore events;
    private final LongSupplier nanos;
    private volatile Reading latest;

    /** @param nanos a clock as {@link System#nanoTime} */
    BacklogMetrics(EventStore events, MeterRegistry metrics, LongSupplier nanos) {
        this.events = events;
        this.nanos = nanos;
        this.latest = new Reading(new Backlog(0, 0, 0), nanos.getAsLong());
        Gauge.builder("gateway.events.pending", () -> known(Backlog::pending))
                .description("Events that are stored and not applied yet")
                .register(metrics);
        Gauge.builder("gateway.events.quarantined", () -> known(Backlog::quarantined))
                .description("Events that failed for the last time and wait for a person")
                .register(metrics);
        Gauge.builder("gateway.events.oldest.pending", () -> known(Backlog::oldestSeconds))
                .description("The age of the oldest pending event")
                .baseUnit("seconds")
                .register(metrics);
    }

    private double known(ToDoubleFunction<Backlog> figure) {
        Reading reading = latest;
        boolean fresh = nanos.getAsLong() - reading.atNanos() <= TimeUnit.SECONDS.toNanos(KNOWN_FOR.toSeconds());
        return fresh ? figure.applyAsDouble(reading.backlog()) : Double.NaN;
    }

    /** Counts, once; tells that there is no more to do. */
    Future<Boolean> runOnce() {
        return events.backlog()
                .onSuccess(counted -> latest = new Reading(counted, nanos.getAsLong()))
                .onFailure(failure -> LOG.warn("the inbox could not be counted", failure))
                .map(false)
                .otherwise(false);
    }
}
