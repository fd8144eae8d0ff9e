package io.checkoutgateway.cache;

import java.time.Duration;
import java.util.function.LongSupplier;
import java.util.function.ToDoubleFunction;

/**
 * What was counted last, for gauges that are counted again and again rather than with each scrape: a count that fails or
 * hangs must not keep them where they were last good. What could not be counted of late is no number.
 */
public final class Recent<T> {
    /** Often enough for whoever scrapes every ten seconds; every replica looks. */
    public static final Duration INTERVAL = Duration.ofSeconds(5);

    /** Some counts may fail, while Postgres is restarted for instance. */
    public static final Duration KNOWN_FOR = Duration.ofMinutes(1);

    /** So many counts may be missed where there are few of them. */
    static final int MISSED_MAX = 5;

    private record Count<T>(T value, long atNanos) {}

    private final long knownForNanos;
    private final LongSupplier nanos;
    private volatile Count<T> latest;

    /**
     * Begins with what is shown until the first count.
     *
     * @param nanos a clock as {@link System#nanoTime}
     */
    public Recent(T first, LongSupplier nanos) {
        this(first, INTERVAL, nanos);
    }

    /**
     * The same for what is counted more rarely.
     *
     * @param interval how often it is counted
     */
    public Recent(T first, Duration interval, LongSupplier nanos) {
        this.knownForNanos =
                Math.max(KNOWN_FOR.toNanos(), interval.multipliedBy(MISSED_MAX).toNanos());
        this.nanos = nanos;
        this.latest = new Count<>(first, nanos.getAsLong());
    }

    /** Counted just now. */
    public void set(T counted) {
        latest = new Count<>(counted, nanos.getAsLong());
    }

    /** One of its figures; not a number once it is not recent any more. */
    public double known(ToDoubleFunction<T> figure) {
        Count<T> count = latest;
        boolean fresh = nanos.getAsLong() - count.atNanos() <= knownForNanos;
        return fresh ? figure.applyAsDouble(count.value()) : Double.NaN;
    }
}
