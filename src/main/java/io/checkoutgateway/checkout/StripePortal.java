package io.checkoutgateway.checkout;

import io.checkoutgateway.apps.StripeApp;
import io.vertx.core.Future;

/** What is asked of Stripe about its customer portal. */
public interface StripePortal {
    /** Opens the portal; fails with a {@link io.checkoutgateway.failure.StripeFailure}. */
    Future<PortalSession> open(StripeApp app, String stripeCustomerId, OpenPortal wish, String idempotencyKey);
}
