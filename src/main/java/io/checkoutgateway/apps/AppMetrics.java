package io.checkoutgateway.apps;

import io.checkoutgateway.apps.WebhookStanding.State;
import io.checkoutgateway.cache.Recent;
import io.checkoutgateway.failure.Failures;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How many apps there are, how they are, and what they hear through, as gauges over all namespaces, counted with the
 * rounds that work on apps.
 */
public final class AppMetrics {
    private static final Logger LOG = LoggerFactory.getLogger(AppMetrics.class);

    /** The states of a row in which something may be wrong, or was; those that are gone are nobody's any more. */
    private static final List<String> STATUSES = List.of("ready", "unauthorized", "installing", "leaving");

    /** Every key is opened to know whether it can be: once a minute is soon enough, as with other slow counts. */
    public static final Duration INTERVAL = Duration.ofMinutes(1);

    private record Numbers(Map<String, Long> byStatus, long unusable, Map<State, Long> endpoints) {}

    private final AppStore apps;
    private final WebhookStandingStore standings;
    private final LongSupplier nanos;
    private final Recent<Numbers> latest;
    private volatile long dueNanos;

    /** @param nanos a clock as {@link System#nanoTime} */
    public AppMetrics(AppStore apps, WebhookStandingStore standings, MeterRegistry metrics, LongSupplier nanos) {
        this.apps = apps;
        this.standings = standings;
        this.nanos = nanos;
        this.latest = new Recent<>(new Numbers(Map.of(), 0, Map.of()), INTERVAL, nanos);
        this.dueNanos = nanos.getAsLong();
        STATUSES.forEach(status -> Gauge.builder(
                        "gateway.apps",
                        () -> latest.known(numbers -> numbers.byStatus().getOrDefault(status, 0L)))
                .description("Apps of all namespaces by status")
                .tag("status", status)
                .register(metrics));
        Gauge.builder("gateway.apps.unusable", () -> latest.known(Numbers::unusable))
                .description("Apps whose key cannot be opened, whatever their status")
                .register(metrics);
        for (State state : State.values()) {
            Gauge.builder(
                            "gateway.apps.webhook.endpoints",
                            () -> latest.known(numbers -> numbers.endpoints().getOrDefault(state, 0L)))
                    .description("What installed apps hear through at Stripe, as it was found last")
                    .tag("state", state.word())
                    .register(metrics);
        }
    }

    /**
     * Counts, unless that was done within the last minute. What cannot be counted now is counted with the next round: it
     * does not fail.
     */
    public Future<Void> refresh() {
        long now = nanos.getAsLong();
        if (now - dueNanos < 0) {
            return Future.succeededFuture();
        }
        return count().onSuccess(numbers -> {
                    latest.set(numbers);
                    dueNanos = now + INTERVAL.toNanos();
                })
                .onFailure(failure -> Failures.note(LOG.atWarn(), failure).log("apps could not be counted"))
                .<Void>mapEmpty()
                .otherwiseEmpty();
    }

    private Future<Numbers> count() {
        return apps.countByState()
                .compose(byStatus -> apps.all().map(AppMetrics::unusable).compose(unusable -> standings
                        .countByState()
                        .map(endpoints -> new Numbers(byStatus, unusable, endpoints))));
    }

    private static long unusable(List<AppStore.Row> rows) {
        return rows.stream()
                .filter(row -> !row.configured() && row.apiKey() == null)
                .count();
    }
}
