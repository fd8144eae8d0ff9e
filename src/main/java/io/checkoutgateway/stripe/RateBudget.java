package io.checkoutgateway.stripe;

import io.github.bucket4j.Bandwidth;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.TimeMeter;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * Keeps calls below Stripe's limits: one token bucket for the account and one for each kind of call. Stripe's 429 has
 * no Retry-After, so running into it costs more than waiting here. (Stripe, "Rate limits".)
 *
 * <p>Callers take a place ahead of time and wait for it. Work in the background takes a place only while others are
 * free, and never more a second than a rate of its own: a caller does not stand in line behind it.
 */
final class RateBudget {
    /** The part of a bucket that work in the background leaves to callers, who come in bursts. */
    private static final int PARTS = 4;

    private final int accountPerSecond;
    private final int operationPerSecond;
    private final int backgroundPerSecond;
    private final TimeMeter time;
    private final ConcurrentMap<String, Bucket> buckets = new ConcurrentHashMap<>();

    RateBudget(int accountPerSecond, int operationPerSecond, int backgroundPerSecond) {
        this(accountPerSecond, operationPerSecond, backgroundPerSecond, TimeMeter.SYSTEM_NANOTIME);
    }

    /** With a clock of its own. */
    RateBudget(int accountPerSecond, int operationPerSecond, int backgroundPerSecond, TimeMeter time) {
        this.accountPerSecond = accountPerSecond;
        this.operationPerSecond = operationPerSecond;
        this.backgroundPerSecond = backgroundPerSecond;
        this.time = time;
    }

    /**
     * Takes a place in the line.
     *
     * @param mostNanos the longest wait that is worth it
     * @return how long to wait before the call, in nanoseconds; more than {@code mostNanos} when the place was given
     *     back because the line is too long
     */
    long reserve(String account, String operation, long mostNanos) {
        Bucket ofAccount = ofAccount(account);
        Bucket ofOperation = ofOperation(account, operation);
        long wait = Math.max(ofAccount.consumeIgnoringRateLimits(1), ofOperation.consumeIgnoringRateLimits(1));
        if (wait > mostNanos) {
            ofAccount.addTokens(1);
            ofOperation.addTokens(1);
        }
        return wait;
    }

    /**
     * Takes a place for work in the background when one can be spared at this moment. One thread at a time, else two
     * could see the same place.
     *
     * @return 0 when the place was taken; else after how many nanoseconds it is worth asking again
     */
    synchronized long reserveInBackground(String account, String operation) {
        Bucket ofAccount = ofAccount(account);
        Bucket ofOperation = ofOperation(account, operation);
        Bucket share = buckets.computeIfAbsent(account + "#background", key -> bucket(backgroundPerSecond));
        boolean taken = hasSpare(ofAccount, accountPerSecond)
                && hasSpare(ofOperation, operationPerSecond)
                && share.tryConsume(1);
        if (!taken) {
            return backgroundPause().toNanos();
        }
        // A caller may have been faster since the look; who comes next waits a moment longer, and the rate is kept.
        long ignored = ofAccount.consumeIgnoringRateLimits(1) + ofOperation.consumeIgnoringRateLimits(1);
        return 0;
    }

    /** After how long it is worth asking for a place again. */
    Duration backgroundPause() {
        return Duration.ofSeconds(1).dividedBy(backgroundPerSecond);
    }

    /** A bucket of one place cannot leave one free: there, callers wait for one call of the background at most. */
    private static boolean hasSpare(Bucket bucket, int capacity) {
        int left = Math.min(capacity - 1, Math.max(1, capacity / PARTS));
        return bucket.getAvailableTokens() > left;
    }

    private Bucket ofAccount(String account) {
        return buckets.computeIfAbsent(account, key -> bucket(accountPerSecond));
    }

    private Bucket ofOperation(String account, String operation) {
        return buckets.computeIfAbsent(account + '/' + operation, key -> bucket(operationPerSecond));
    }

    /** Refills evenly, so that a burst never exceeds a second's worth within a second by more than the bucket. */
    private Bucket bucket(int perSecond) {
        return Bucket.builder()
                .addLimit(Bandwidth.builder()
                        .capacity(perSecond)
                        .refillGreedy(perSecond, Duration.ofSeconds(1))
                        .build())
                .withCustomTimePrecision(time)
                .build();
    }
}
