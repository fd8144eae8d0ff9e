package io.checkoutgateway.store;

import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.function.LongSupplier;

/**
 * Where the rows of a queue begin that are still waiting, in the order in which they are taken. Before them lie those
 * that are done: Postgres keeps their index entries for as long as anybody looks at the database as it was before, a
 * backup for instance, and each look from the very beginning would walk over all of them.
 *
 * <p>A row may come to light late, before the front: its transaction took long, or who had taken it died. So the front
 * follows at a distance, and a look from the beginning is due every few seconds.
 *
 * @param <K> what the queue is ordered by; it grows with time
 */
final class Front<K extends Comparable<K>> {
    /** A transaction that makes a row visible takes milliseconds. */
    static final Duration DISTANCE = Duration.ofSeconds(1);

    /** For how long a row may lie before the front; and a look over a million dead entries takes half a second. */
    static final Duration LOOK_BACK_INTERVAL = Duration.ofSeconds(5);

    private final K beginning;
    private final long distanceNanos;
    private final LongSupplier nanos;
    private K front;
    private K next;
    private long movedAt;
    private long lookedBackAt;

    /** Of a queue that is ordered by time. */
    static Front<OffsetDateTime> ofTimes(LongSupplier nanos) {
        return new Front<>(Instant.EPOCH.atOffset(ZoneOffset.UTC), DISTANCE, nanos);
    }

    /**
     * @param beginning before every row
     * @param distance how far behind the rows that are found the front stays, at least
     * @param nanos a clock as {@link System#nanoTime}
     */
    Front(K beginning, Duration distance, LongSupplier nanos) {
        this.beginning = beginning;
        this.distanceNanos = distance.toNanos();
        this.nanos = nanos;
        this.front = beginning;
        this.next = beginning;
        this.movedAt = nanos.getAsLong();
        this.lookedBackAt = movedAt;
    }

    /** Before every row that was found of late. */
    synchronized K get() {
        return front;
    }

    /** The same, or the beginning when a look from there is due. */
    synchronized K lookFrom() {
        if (isOver(LOOK_BACK_INTERVAL.toNanos(), lookedBackAt)) {
            lookedBackAt = nanos.getAsLong();
            return beginning;
        }
        return front;
    }

    /** The first row of a look was this. One from before the front takes it back, since there may be more like it. */
    synchronized void found(K first) {
        if (first.compareTo(front) < 0) {
            front = first;
            next = first;
            movedAt = nanos.getAsLong();
        } else if (isOver(distanceNanos, movedAt)) {
            front = next;
            next = first;
            movedAt = nanos.getAsLong();
        }
    }

    private boolean isOver(long time, long since) {
        return nanos.getAsLong() - since >= time;
    }
}
