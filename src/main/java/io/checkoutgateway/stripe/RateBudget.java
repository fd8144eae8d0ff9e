package io.checkoutgateway.stripe;

import io.github.bucket4j.Bandwidth;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.TimeMeter;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * Keeps calls below Stripe's limits: one token bucket for the account and one for each kind of call. Stripe's 429 has
 * no Retry-After, so running into it costs more than waiting here. (Stripe, "Rate limits".)
 *
 * <p>Callers take a place ahead of time and wait for it. Work in the background takes a place only while others are
 * free, and never more a second than a rate of its own: a caller does not stand in line behind it.
 */
final class RateBudget {
    /**
     * Past so many lines, those that are as good as new are dropped. All but those that were used within about a second
     * are, so that a process that calls for many accounts in a day keeps a thousand at most.
     */
    static final int KEPT_MAX = 1_000;

    /** The part of a bucket that work in the background leaves to callers, who come in bursts. */
    private static final int PARTS = 4;

    /** Who waits for one rate. */
    private record Line(Bucket bucket, int perSecond) {
        /** Nobody waits and nobody has gone of late: it is as one that is made now. */
        boolean isWhole() {
            return bucket.getAvailableTokens() >= perSecond;
        }

        /** A bucket of one place cannot leave one free: there, callers wait for one call of the background at most. */
        boolean hasSpare() {
            int left = Math.min(perSecond - 1, Math.max(1, perSecond / PARTS));
            return bucket.getAvailableTokens() > left;
        }

        long join() {
            return bucket.consumeIgnoringRateLimits(1);
        }

        void leave() {
            bucket.addTokens(1);
        }
    }

    private final int accountPerSecond;
    private final int operationPerSecond;
    private final int backgroundPerSecond;
    private final TimeMeter time;
    private final Map<String, Line> lines = new HashMap<>();

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
    synchronized long reserve(String account, String operation, long mostNanos) {
        makeRoom();
        Line ofAccount = ofAccount(account);
        Line ofOperation = ofOperation(account, operation);
        long wait = Math.max(ofAccount.join(), ofOperation.join());
        if (wait > mostNanos) {
            ofAccount.leave();
            ofOperation.leave();
        }
        return wait;
    }

    /**
     * Takes a place for work in the background when one can be spared at this moment.
     *
     * @return 0 when the place was taken; else after how many nanoseconds it is worth asking again
     */
    synchronized long reserveInBackground(String account, String operation) {
        makeRoom();
        Line ofAccount = ofAccount(account);
        Line ofOperation = ofOperation(account, operation);
        Line share = line(account + "#background", backgroundPerSecond);
        boolean taken =
                ofAccount.hasSpare() && ofOperation.hasSpare() && share.bucket().tryConsume(1);
        if (!taken) {
            return backgroundPause().toNanos();
        }
        long ignored = ofAccount.join() + ofOperation.join();
        return 0;
    }

    /** After how long it is worth asking for a place again. */
    Duration backgroundPause() {
        return Duration.ofSeconds(1).dividedBy(backgroundPerSecond);
    }

    /** How many lines are kept now. */
    synchronized int kept() {
        return lines.size();
    }

    private Line ofAccount(String account) {
        return line(account, accountPerSecond);
    }

    private Line ofOperation(String account, String operation) {
        return line(account + '/' + operation, operationPerSecond);
    }

    private Line line(String name, int perSecond) {
        return lines.computeIfAbsent(name, missing -> new Line(bucket(perSecond), perSecond));
    }

    /** Before any line is looked up: one that was dropped in between would not count who joins it. */
    private void makeRoom() {
        if (lines.size() > KEPT_MAX) {
            lines.values().removeIf(Line::isWhole);
        }
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
