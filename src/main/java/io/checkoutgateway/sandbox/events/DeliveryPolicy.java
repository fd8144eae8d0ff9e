package io.checkoutgateway.sandbox.events;

import java.time.Duration;
import java.util.List;

/**
 * How hard the sandbox tries to deliver.
 *
 * @param retryDelays how long, in sandbox time, to wait before each further try; their number bounds the tries
 * @param timeout how long, in real time, an endpoint may take to answer
 * @param concurrency how many deliveries one endpoint receives at once; with 1 they arrive in order
 * @param wallClockSignature whether the signature's time is the system's instead of the sandbox clock's, for
 *     receivers that refuse what comes from the future after the sandbox clock was moved
 * @param disableAfter how long, in sandbox time, an endpoint may fail without a success before it is disabled
 */
public record DeliveryPolicy(
        List<Duration> retryDelays,
        Duration timeout,
        int concurrency,
        boolean wallClockSignature,
        Duration disableAfter) {

    /** Test mode tries three times "over a few hours"; the first retry is soon, so that a restart is survived. */
    private static final List<Duration> TEST_MODE = List.of(Duration.ofSeconds(10), Duration.ofHours(1));

    /** Not published; receivers report between 10 and 30 seconds. */
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    /** Not published: "several days" of failures in a row; live retries end after three. */
    private static final Duration DISABLE_AFTER = Duration.ofDays(3);

    /** Refuses what cannot work. */
    public DeliveryPolicy {
        retryDelays = List.copyOf(retryDelays);
        if (concurrency < 1) {
            throw new IllegalArgumentException("delivery concurrency must be at least 1, was " + concurrency);
        }
        if (timeout.isNegative() || timeout.isZero()) {
            throw new IllegalArgumentException("delivery timeout must be positive, was " + timeout);
        }
    }

    /** Endpoints are disabled after three days of failures. */
    public DeliveryPolicy(List<Duration> retryDelays, Duration timeout, int concurrency, boolean wallClockSignature) {
        this(retryDelays, timeout, concurrency, wallClockSignature, DISABLE_AFTER);
    }

    /** Three tries, in order, signed with the sandbox clock. */
    public static DeliveryPolicy defaults() {
        return new DeliveryPolicy(TEST_MODE, TIMEOUT, 1, false);
    }
}
