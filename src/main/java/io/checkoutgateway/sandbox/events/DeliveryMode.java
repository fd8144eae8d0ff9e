package io.checkoutgateway.sandbox.events;

import java.time.Duration;

/**
 * How unkind the network is. Stripe promises neither order nor uniqueness; these make it so on demand.
 *
 * @param shuffle whether events that wait together leave in random order
 * @param duplicateRate the share of deliveries that come twice, 0 to 1
 * @param dropRate the share of deliveries that never come, 0 to 1
 * @param longestDelay each delivery waits a random time up to this, in sandbox time
 */
public record DeliveryMode(boolean shuffle, double duplicateRate, double dropRate, Duration longestDelay) {

    /** Refuses shares outside 0 to 1 and negative delays. */
    public DeliveryMode {
        if (!(duplicateRate >= 0 && duplicateRate <= 1) || !(dropRate >= 0 && dropRate <= 1)) {
            throw new IllegalArgumentException(
                    "duplicateRate and dropRate must be between 0 and 1, were " + duplicateRate + " and " + dropRate);
        }
        if (longestDelay.isNegative()) {
            throw new IllegalArgumentException("longestDelay must not be negative, was " + longestDelay);
        }
    }

    /** At once, once, in order. */
    public static DeliveryMode kind() {
        return new DeliveryMode(false, 0, 0, Duration.ZERO);
    }
}
