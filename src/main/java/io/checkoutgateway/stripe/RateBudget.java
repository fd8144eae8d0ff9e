package io.checkoutgateway.stripe;

import io.github.bucket4j.Bandwidth;
import io.github.bucket4j.Bucket;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * Keeps calls below Stripe's limits: one token bucket for the account and one for each kind of call. Stripe's 429 has
 * no Retry-After, so running into it costs more than waiting here. (Stripe, "Rate limits".)
 */
final class RateBudget {
    private final int accountPerSecond;
    private final int operationPerSecond;
    private final ConcurrentMap<String, Bucket> buckets = new ConcurrentHashMap<>();

    RateBudget(int accountPerSecond, int operationPerSecond) {
        this.accountPerSecond = accountPerSecond;
        this.operationPerSecond = operationPerSecond;
    }

    /**
     * Takes a place in the line.
     *
     * @param mostNanos the longest wait that is worth it
     * @return how long to wait before the call, in nanoseconds; more than {@code mostNanos} when the place was given
     *     back because the line is too long
     */
    long reserve(String account, String operation, long mostNanos) {
        Bucket ofAccount = buckets.computeIfAbsent(account, key -> bucket(accountPerSecond));
        Bucket ofOperation = buckets.computeIfAbsent(account + '/' + operation, key -> bucket(operationPerSecond));
        long wait = Math.max(ofAccount.consumeIgnoringRateLimits(1), ofOperation.consumeIgnoringRateLimits(1));
        if (wait > mostNanos) {
            ofAccount.addTokens(1);
            ofOperation.addTokens(1);
        }
        return wait;
    }

    /** Refills evenly, so that a burst never exceeds a second's worth within a second by more than the bucket. */
    private static Bucket bucket(int perSecond) {
        return Bucket.builder()
                .addLimit(Bandwidth.builder()
                        .capacity(perSecond)
                        .refillGreedy(perSecond, Duration.ofSeconds(1))
                        .build())
                .build();
    }
}
