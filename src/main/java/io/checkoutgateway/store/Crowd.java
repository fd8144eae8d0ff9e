package io.checkoutgateway.store;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Tells whether something comes by the thousand a second. How many wait for their write would not tell: what comes at
 * more than this machine can take waits for a processor, long before it waits here.
 */
final class Crowd {
    /** Short enough that the end of a crowd is seen at once, long enough that a handful at one moment is none. */
    private static final Duration WINDOW = Duration.ofMillis(100);

    /** 2,000 a second: an account with millions of customers has peaks of some hundred. */
    private static final int MANY = 200;

    private final LongSupplier nanos;
    private long window;
    private int inWindow;
    private int inWindowBefore;

    /** @param nanos a clock as {@link System#nanoTime} */
    Crowd(LongSupplier nanos) {
        this.nanos = nanos;
    }

    /** One more has come. */
    synchronized void add() {
        turn();
        inWindow++;
    }

    /** Whether this window or the one before saw too many. */
    synchronized boolean isThere() {
        turn();
        return inWindow >= MANY || inWindowBefore >= MANY;
    }

    private void turn() {
        long current = Math.floorDiv(nanos.getAsLong(), WINDOW.toNanos());
        if (current != window) {
            inWindowBefore = current == window + 1 ? inWindow : 0;
            inWindow = 0;
            window = current;
        }
    }
}
