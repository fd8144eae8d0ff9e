package io.checkoutgateway.apps;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A connected account that an app knows of. (Stripe, "How Connect works".)
 *
 * @param number its place in lists
 * @param account {@code acct_…}
 * @param seenAt the newest sign that it is connected; up to an hour behind
 * @param disconnectedAt when Stripe was found to give no access to it; {@code null} while it is connected
 * @param disconnectedBy what led to that; only then
 * @param caughtUpThrough through when its undelivered events were asked for; {@code null} before the first time
 */
public record ConnectedAccount(
        long number,
        String account,
        Instant knownSince,
        Instant seenAt,
        @Nullable Instant disconnectedAt,
        @Nullable String disconnectedBy,
        @Nullable Instant caughtUpThrough) {}
