package io.checkoutgateway.checkout;

import io.checkoutgateway.customers.NewCustomer;

/** Who a caller wants a session for. */
public sealed interface Payer {
    /** A customer by our ULID. */
    record ById(String id) implements Payer {}

    /** A living customer by the billing system's own name. */
    record ByKey(String key) implements Payer {}

    /** A customer that is made with the session, once for each idempotency key. */
    record New(NewCustomer customer) implements Payer {}
}
