package io.checkoutgateway.sandbox.events;

import java.time.Duration;

/**
 * How unkind the network is. Stripe promises neither order nor uniqueness; these make it so on demand.
 *
 * @param shuffle whether events that wait together leave in random order
 * @param duplicateRate the share of deliveries that come twice, 0 to 1
 * @param dropRate the share of deliveries that never come, 0 to 1
 * @param longestDelay each delivery waits a random time up to this, in sandbox time
 * @param neverGeneratedRate the share of events that are never made, 0 to 1: no list shows them either ("in very rare
 *     cases, an event is never generated")
 */
public record DeliveryMode(
        boolean shuffle, double duplicateRate, double dropRate, Duration longestDelay, double neverGeneratedRate) {

    /** Refuses shares outside 0 to 1 and negative delays. */
    public DeliveryMode {
        requireShare("duplicateRate", duplicateRate);
        requireShare("dropRate", dropRate);
        requireShare("neverGeneratedRate", neverGeneratedRate);
        if (longestDelay.isNegative()) {
            throw new IllegalArgumentException("longestDelay must not be negative, was " + longestDelay);
        }
    }

    /** Every event is made. */
    public DeliveryMode(boolean shuffle, double duplicateRate, double dropRate, Duration longestDelay) {
        this(shuffle, duplicateRate, dropRate, longestDelay, 0);
    }

    private static void requireShare(String name, double share) {
        if (!(share >= 0 && share <= 1)) {
            throw new IllegalArgumentException(name + " must be between 0 and 1, was " + share);
        }
    }

    /** At once, once, in order. */
    public static DeliveryMode kind() {
        return new DeliveryMode(false, 0, 0, Duration.ZERO);
    }
}
