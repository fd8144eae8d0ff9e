package io.checkoutgateway.checkout;

import io.checkoutgateway.api.model.BillingAppStripeCreateCheckoutSessionRequestOptions;
import io.checkoutgateway.audit.Actor;
import io.checkoutgateway.idempotency.IdempotencyKey;
import java.util.Optional;

/**
 * A caller's wish for a session in {@code setup} mode.
 *
 * @param actor who asks, in whose namespace
 * @param customerId our ULID
 * @param options the contract's own model: its members are Stripe's, so that a second copy of them would only be
 *     another place to change
 */
public record CreateCheckout(
        Actor actor,
        String customerId,
        BillingAppStripeCreateCheckoutSessionRequestOptions options,
        Optional<IdempotencyKey> idempotencyKey) {

    String namespace() {
        return actor.namespace();
    }
}
