package io.checkoutgateway.customers;

import io.vertx.core.Future;
import java.util.Optional;

/** Where customers are remembered. */
public interface CustomerStore {
    /**
     * Remembers a new customer.
     *
     * @return fails with {@link io.checkoutgateway.failure.Reason#CONFLICT} when its key, or one of its subject keys,
     *     belongs to a living customer already
     */
    Future<Customer> add(String id, String namespace, NewCustomer customer);

    /** The customer of this id, a deleted one too; empty for another namespace's. */
    Future<Optional<Customer>> find(String namespace, String id);
}
