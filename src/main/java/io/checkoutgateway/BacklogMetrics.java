package io.checkoutgateway;

import io.checkoutgateway.events.EventStore;
import io.checkoutgateway.events.EventStore.Backlog;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The inbox's depth as gauges, read with each round of the worker rather than with each scrape. */
final class BacklogMetrics {
    private static final Logger LOG = LoggerFactory.getLogger(BacklogMetrics.class);
    private static final long FRESH_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final EventStore events;
    private volatile long countedNanos = System.nanoTime() - FRESH_NANOS;
    private volatile Backlog latest = new Backlog(0, 0, 0);

    BacklogMetrics(EventStore events, MeterRegistry metrics) {
        this.events = events;
        Gauge.builder("gateway.events.pending", () -> latest.pending())
                .description("Events that are stored and not applied yet")
                .register(metrics);
        Gauge.builder("gateway.events.quarantined", () -> latest.quarantined())
                .description("Events that failed for the last time and wait for a person")
                .register(metrics);
        Gauge.builder("gateway.events.oldest.pending", () -> latest.oldestSeconds())
                .description("The age of the oldest pending event")
                .baseUnit("seconds")
                .register(metrics);
    }

    /**
     * Counts, unless that was done just now: a busy worker has many rounds a second. Whatever comes of it, the work goes
     * on.
     */
    Future<Void> refresh() {
        long now = System.nanoTime();
        if (now - countedNanos < FRESH_NANOS) {
            return Future.succeededFuture();
        }
        countedNanos = now;
        return events.backlog()
                .onSuccess(counted -> latest = counted)
                .onFailure(failure -> LOG.warn("the inbox could not be counted", failure))
                .<Void>mapEmpty()
                .otherwiseEmpty();
    }
}
