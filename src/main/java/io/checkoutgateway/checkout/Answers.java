package io.checkoutgateway.checkout;

import io.checkoutgateway.failure.GatewayException;
import io.checkoutgateway.idempotency.StoredAnswer;

/** Writes the answers to a create, which are stored with its outcome, also when no caller is there any more. */
public interface Answers {
    StoredAnswer created(CheckoutSession session);

    StoredAnswer refused(GatewayException refusal);
}
