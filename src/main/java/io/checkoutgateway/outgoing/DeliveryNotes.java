package io.checkoutgateway.outgoing;

import io.checkoutgateway.cache.Recent;
import io.checkoutgateway.outgoing.DeliveryStore.Backlog;
import io.checkoutgateway.outgoing.DeliveryStore.Due;
import io.checkoutgateway.outgoing.DeliveryStore.Verdict;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import org.slf4j.spi.LoggingEventBuilder;

/** What is logged and measured of deliveries. Never a URL, whose path or query may be a password. */
public final class DeliveryNotes {
    private static final Logger LOG = LoggerFactory.getLogger(DeliveryNotes.class);

    /** Whoever reads the gauge needs to know that it is far too many, not how many exactly. */
    public static final int COUNTED_MAX = 10_000;

    private final MeterRegistry metrics;
    private final Recent<Backlog> latest;

    /** @param interval how often the backlog is counted */
    public DeliveryNotes(MeterRegistry metrics, Duration interval) {
        this.metrics = metrics;
        this.latest = new Recent<>(new Backlog(0, 0, 0, 0), interval, System::nanoTime);
        gauge(
                "gateway.outgoing.pending",
                "Deliveries that are not settled yet, counted up to " + COUNTED_MAX,
                Backlog::pending);
        gauge("gateway.outgoing.oldest.pending.seconds", "The age of the oldest pending one", Backlog::oldestSeconds);
        gauge("gateway.outgoing.endpoints.failing", "Endpoints whose last attempt failed", Backlog::failing);
        gauge("gateway.outgoing.endpoints.disabled", "Endpoints that are told nothing", Backlog::disabled);
    }

    private void gauge(String name, String description, ToDoubleFunction<Backlog> value) {
        Gauge.builder(name, () -> latest.known(value)).description(description).register(metrics);
    }

    /** Shows this until the next count, unless that is missing for long. */
    public void show(Backlog backlog) {
        latest.set(backlog);
    }

    void delivered(Due due, Attempt attempt, Optional<Duration> age) {
        count(attempt);
        age.ifPresent(since -> metrics.timer("gateway.outgoing.latency").record(since));
        line(Level.INFO, due, attempt).log("webhook delivered");
    }

    void failed(Due due, Attempt attempt, Optional<Verdict> verdict) {
        count(attempt);
        boolean last = verdict.isPresent() && !verdict.get().retried();
        if (last) {
            metrics.counter(
                            "gateway.outgoing.failed",
                            "reason",
                            attempt.result().word())
                    .increment();
        }
        line(last ? Level.WARN : Level.INFO, due, attempt)
                .addKeyValue("reason", attempt.result().word())
                .addKeyValue("last", last)
                .log("webhook not delivered");
        verdict.map(Verdict::disabled).ifPresent(reason -> disabled(due, reason));
    }

    private void disabled(Due due, WebhookEndpoint.@Nullable Reason reason) {
        String word = reason == null ? "" : reason.word();
        metrics.counter("gateway.outgoing.disabled", "reason", word).increment();
        LOG.atWarn()
                .addKeyValue("endpoint", due.endpointId())
                .addKeyValue("reason", word)
                .log("webhook endpoint disabled");
    }

    /** The outcome could not be written down; answers nothing, as the end of a chain. */
    @Nullable
    Void lost(Due due, Throwable failure) {
        LOG.atWarn()
                .addKeyValue("endpoint", due.endpointId())
                .addKeyValue("message", due.message().id())
                .setCause(failure)
                .log("the outcome of a webhook could not be noted, it will be sent again");
        return null;
    }

    private void count(Attempt attempt) {
        metrics.timer("gateway.outgoing.attempt", "outcome", attempt.result().word())
                .record(attempt.took());
    }

    private static LoggingEventBuilder line(Level level, Due due, Attempt attempt) {
        return LOG.atLevel(level)
                .addKeyValue("endpoint", due.endpointId())
                .addKeyValue("message", due.message().id())
                .addKeyValue("attempt", due.attempt())
                .addKeyValue("status", attempt.status())
                .addKeyValue("millis", attempt.took().toMillis());
    }
}
