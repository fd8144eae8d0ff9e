package io.checkoutgateway.checkout;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A way into Stripe's customer portal, as Stripe opened it.
 *
 * @param id {@code bps_…}
 * @param locale {@code null}: the customer's or the browser's
 * @param returnUrl {@code null}: the portal shows no way back
 * @param url for the customer's browser; whoever has it acts for the customer
 */
public record PortalSession(
        String id,
        String stripeCustomerId,
        String configurationId,
        boolean livemode,
        Instant createdAt,
        @Nullable String locale,
        @Nullable String returnUrl,
        String url) {}
