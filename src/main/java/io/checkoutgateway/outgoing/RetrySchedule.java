package io.checkoutgateway.outgoing;

import java.time.Duration;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** When a message that could not be delivered is tried again. (Standard Webhooks 1.0, "Deliverability".) */
final class RetrySchedule {
    /** The waits between attempts; together a little more than three days. */
    private static final List<Duration> WAITS = List.of(
            Duration.ofSeconds(5),
            Duration.ofMinutes(5),
            Duration.ofMinutes(30),
            Duration.ofHours(2),
            Duration.ofHours(5),
            Duration.ofHours(10),
            Duration.ofHours(14),
            Duration.ofHours(20),
            Duration.ofHours(24));

    /** How many attempts a message gets in all. */
    static final int ATTEMPTS = WAITS.size() + 1;

    /** Messages that failed together must not come together again; at most a tenth later. */
    private static final double JITTER = 0.1;

    /** An endpoint may ask for a longer wait than the schedule's, not for more than its longest. */
    private static final Duration ASKED_MAX = Duration.ofHours(24);

    /**
     * An endpoint whose last failure is older than this did not fail in between: nothing was sent. Longer than the
     * longest wait between two attempts of one message, and shorter than a weekend without news.
     */
    static final Duration SILENCE = Duration.ofHours(36);

    private RetrySchedule() {}

    /** Whether there is no further attempt after this one. */
    static boolean exhausted(int attempt) {
        return attempt >= ATTEMPTS;
    }

    /**
     * How long to wait after this attempt.
     *
     * @param attempt 1 for the first; one of those that are followed by another
     * @param asked what the endpoint asked for in {@code Retry-After}; a shorter wait than the schedule's has no effect
     */
    static Duration waitAfter(int attempt, @Nullable Duration asked, RandomGenerator random) {
        Duration planned = WAITS.get(Math.min(attempt, WAITS.size()) - 1);
        long jitter = (long) (planned.toMillis() * JITTER * random.nextDouble());
        Duration own = planned.plusMillis(jitter);
        Duration wished = bounded(asked);
        return own.compareTo(wished) >= 0 ? own : wished;
    }

    /** What the endpoint asked for, as far as it is granted. */
    static Duration bounded(@Nullable Duration asked) {
        if (asked == null || asked.isNegative()) {
            return Duration.ZERO;
        }
        return asked.compareTo(ASKED_MAX) <= 0 ? asked : ASKED_MAX;
    }
}
