package io.checkoutgateway.settings;

import java.time.Duration;
import java.util.List;

/**
 * How sessions are created and kept true.
 *
 * @param namespace the namespace that owns the configured Stripe account
 * @param lease how long one process may work at a create before another may take it over
 * @param reconcileInterval how often unfinished creates are looked for
 * @param idempotencyRetention how long an answer stays available under its {@code Idempotency-Key}
 * @param redirectHosts where the configured account's customers may be sent; empty leaves it to the app's owner
 */
public record CheckoutSettings(
        String namespace,
        Duration lease,
        Duration reconcileInterval,
        Duration idempotencyRetention,
        List<HostPattern> redirectHosts) {

    public CheckoutSettings {
        redirectHosts = List.copyOf(redirectHosts);
    }
}
