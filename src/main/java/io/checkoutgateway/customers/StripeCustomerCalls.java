package io.checkoutgateway.customers;

import io.checkoutgateway.apps.StripeApp;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.Optional;

/** What is asked of Stripe about customers. */
public interface StripeCustomerCalls {
    /** Stripe's parameters for this customer, in Stripe's words. */
    JsonObject parametersOf(StripeApp app, Customer customer);

    /** Makes a customer at Stripe; answers its {@code cus_…}, or fails with a {@link io.checkoutgateway.failure.StripeFailure} */
    Future<String> create(StripeApp app, JsonObject parameters, String idempotencyKey);

    /** Looks among the customers made since then for the one that carries our id. */
    Future<Optional<String>> findCreated(StripeApp app, String customerId, Instant since);
}
