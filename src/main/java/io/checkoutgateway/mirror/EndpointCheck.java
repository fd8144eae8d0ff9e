package io.checkoutgateway.mirror;

import io.checkoutgateway.apps.StripeApp;
import io.vertx.core.Future;
import java.time.Duration;

/** A look whether Stripe still delivers to an app's endpoints; what it finds decides what is asked for. */
@FunctionalInterface
public interface EndpointCheck {
    /** For those who only fetch. */
    EndpointCheck NONE = (app, idle) -> Future.succeededFuture();

    /**
     * Looks. It does not fail because of Stripe.
     *
     * @param idle how long ago the last look must have begun
     */
    Future<Void> check(StripeApp app, Duration idle);
}
