package io.checkoutgateway;

import io.checkoutgateway.cache.Recent;
import io.checkoutgateway.events.EventStore;
import io.checkoutgateway.events.EventStore.Backlog;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The inbox's depth as gauges. */
final class BacklogMetrics {
    private static final Logger LOG = LoggerFactory.getLogger(BacklogMetrics.class);

    private final EventStore events;
    private final Recent<Backlog> latest;

    /** @param nanos a clock as {@link System#nanoTime} */
    BacklogMetrics(EventStore events, MeterRegistry metrics, LongSupplier nanos) {
        this.events = events;
        this.latest = new Recent<>(new Backlog(0, 0, 0), nanos);
        Gauge.builder("gateway.events.pending", () -> latest.known(Backlog::pending))
                .description("Events that are stored and not applied yet")
                .register(metrics);
        Gauge.builder("gateway.events.quarantined", () -> latest.known(Backlog::quarantined))
                .description("Events that failed for the last time and wait for a person")
                .register(metrics);
        Gauge.builder("gateway.events.oldest.pending", () -> latest.known(Backlog::oldestSeconds))
                .description("The age of the oldest pending event")
                .baseUnit("seconds")
                .register(metrics);
    }

    /** Counts, once; tells that there is no more to do. */
    Future<Boolean> runOnce() {
        return events.backlog()
                .onSuccess(latest::set)
                .onFailure(failure -> LOG.warn("the inbox could not be counted", failure))
                .map(false)
                .otherwise(false);
    }
}
