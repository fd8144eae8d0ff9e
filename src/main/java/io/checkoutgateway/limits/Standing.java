package io.checkoutgateway.limits;

import io.checkoutgateway.failure.GatewayException;
import io.checkoutgateway.failure.Reason;
import java.time.Duration;

/**
 * Where a caller stands after asking.
 *
 * @param rate what it is measured by
 * @param granted whether the request may go on
 * @param remaining how many more could come at once
 * @param untilFull after how long of silence the whole burst is there again
 * @param untilNext after how long one more is granted; zero when one would be now
 */
public record Standing(Rate rate, boolean granted, long remaining, Duration untilFull, Duration untilNext) {

    /** The refusal; for one that was not granted. */
    public GatewayException refusal() {
        return GatewayException.retryable(
                Reason.RATE_LIMITED,
                "The %s may ask for %d within %s; wait as long as Retry-After says"
                        .formatted(rate.name(), rate.burst(), inWords(rate.window())),
                untilNext);
    }

    private static String inWords(Duration window) {
        return "%s s".formatted(Math.max(1, window.toSeconds()));
    }
}
