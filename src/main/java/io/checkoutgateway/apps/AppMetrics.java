package io.checkoutgateway.apps;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** How many apps there are and how they are, as gauges over all namespaces, read with the rounds that work on apps. */
public final class AppMetrics {
    /** The states of a row in which something may be wrong, or was; those that are gone are nobody's any more. */
    private static final List<String> STATUSES = List.of("ready", "unauthorized", "installing", "leaving");

    /** Every key is opened to know whether it can be: once a minute is soon enough, as with other slow counts. */
    private static final long FRESH_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final AppStore store;
    private volatile long countedNanos = System.nanoTime() - FRESH_NANOS;
    private volatile Map<String, Long> byState = Map.of();
    private volatile long unusable;

    public AppMetrics(AppStore store, MeterRegistry metrics) {
        this.store = store;
        STATUSES.forEach(status -> Gauge.builder("gateway.apps", () -> byState.getOrDefault(status, 0L))
                .description("Apps of all namespaces by status")
                .tag("status", status)
                .register(metrics));
        Gauge.builder("gateway.apps.unusable", () -> unusable)
                .description("Apps whose key cannot be opened, whatever their status")
                .register(metrics);
    }

    /** Counts, unless that was done within the last minute. What cannot be counted now is counted later: it does not fail. */
    public Future<Void> refresh() {
        long now = System.nanoTime();
        if (now - countedNanos < FRESH_NANOS) {
            return Future.succeededFuture();
        }
        countedNanos = now;
        return store.countByState()
                .onSuccess(counted -> byState = counted)
                .compose(counted -> store.all())
                .onSuccess(rows -> unusable = rows.stream()
                        .filter(row -> !row.configured() && row.apiKey() == null)
                        .count())
                .<Void>mapEmpty()
                .otherwiseEmpty();
    }
}
