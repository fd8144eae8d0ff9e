package io.checkoutgateway;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** Whether a loop goes round: one that hangs fails at nothing, and says nothing. */
final class LoopMetrics {
    private static final String LOOP = "loop";
    private static final double NANOS_OF_SECOND = TimeUnit.SECONDS.toNanos(1);

    private final String loop;
    private final MeterRegistry metrics;
    private final LongSupplier nanos;
    private volatile long endedNanos;

    /**
     * @param pause how long the loop rests at most between two rounds
     * @param nanos a clock as {@link System#nanoTime}
     */
    LoopMetrics(String loop, Duration pause, MeterRegistry metrics, LongSupplier nanos) {
        this.loop = loop;
        this.metrics = metrics;
        this.nanos = nanos;
        this.endedNanos = nanos.getAsLong();
        Gauge.builder("gateway.loop.round.age", () -> (nanos.getAsLong() - endedNanos) / NANOS_OF_SECOND)
                .description("How long ago the loop's last round ended, or the process started")
                .tag(LOOP, loop)
                .baseUnit("seconds")
                .register(metrics);
        Gauge.builder("gateway.loop.pause", () -> pause.toNanos() / NANOS_OF_SECOND)
                .description("How long the loop rests at most between two rounds")
                .tag(LOOP, loop)
                .baseUnit("seconds")
                .register(metrics);
    }

    /** A round is over. */
    void ended(boolean succeeded) {
        endedNanos = nanos.getAsLong();
        metrics.counter("gateway.loop.rounds", LOOP, loop, "outcome", succeeded ? "ok" : "failed")
                .increment();
    }
}
