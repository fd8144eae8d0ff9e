package io.checkoutgateway;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.ToDoubleFunction;

/**
 * What was counted last, for gauges that are read on their own, rather than with each scrape or with a worker's rounds: a
 * worker that hangs must not keep them where they were last good. What could not be counted of late is no number.
 */
final class Recent<T> {
    /** Often enough for whoever scrapes every ten seconds; every replica looks. */
    static final Duration INTERVAL = Duration.ofSeconds(5);

    /** Some looks may fail, while Postgres is restarted for instance. */
    static final Duration KNOWN_FOR = Duration.ofMinutes(1);

    private record Count<T>(T value, long atNanos) {}

    private final LongSupplier nanos;
    private volatile Count<T> latest;

    /** @param nanos a clock as {@link System#nanoTime} */
    Recent(T first, LongSupplier nanos) {
        this.nanos = nanos;
        this.latest = new Count<>(first, nanos.getAsLong());
    }

    void set(T counted) {
        latest = new Count<>(counted, nanos.getAsLong());
    }

    /** One of its figures; not a number once it is not recent any more. */
    double known(ToDoubleFunction<T> figure) {
        Count<T> count = latest;
        boolean fresh = nanos.getAsLong() - count.atNanos() <= TimeUnit.SECONDS.toNanos(KNOWN_FOR.toSeconds());
        return fresh ? figure.applyAsDouble(count.value()) : Double.NaN;
    }
}
