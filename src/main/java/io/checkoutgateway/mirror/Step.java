package io.checkoutgateway.mirror;

import io.checkoutgateway.apps.StripeApp;
import io.vertx.core.Future;

/** What is done with one page of a window. It may be done again when its end could not be written down. */
@FunctionalInterface
interface Step {
    Future<Window.Page> page(StripeApp app, Window window);
}
