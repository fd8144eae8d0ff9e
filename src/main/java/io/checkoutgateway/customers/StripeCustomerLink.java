package io.checkoutgateway.customers;

import io.vertx.core.json.JsonObject;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The tie between a customer and its counterpart in one Stripe account.
 *
 * @param id our ULID; Stripe's idempotency key is derived from it
 * @param stripeCustomerId {@code cus_…}; {@code null} until Stripe answered
 * @param parameters what Stripe was or will be asked to create, frozen so that a repeated call is the same call
 * @param attempt counts from 1; a new attempt is a new idempotency key
 * @param attemptStartedAt database time, the age of the key
 */
public record StripeCustomerLink(
        String id,
        String appId,
        String customerId,
        @Nullable String stripeCustomerId,
        JsonObject parameters,
        int attempt,
        Instant attemptStartedAt) {

    String stripeKey() {
        return "customer-" + id + "-" + attempt;
    }
}
