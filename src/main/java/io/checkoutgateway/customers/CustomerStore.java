package io.checkoutgateway.customers;

import io.checkoutgateway.idempotency.Answered;
import io.checkoutgateway.idempotency.IdempotencyKey;
import io.checkoutgateway.idempotency.StoredAnswer;
import io.vertx.core.Future;
import java.util.Optional;
import java.util.function.Function;

/** Where customers are remembered. */
public interface CustomerStore {
    /**
     * Remembers a new customer and, under the idempotency key if there is one, the answer to the request.
     *
     * @return the answer to this or an earlier request with the same key; fails with
     *     {@link io.checkoutgateway.failure.Reason#IDEMPOTENCY_KEY_REUSED} when it came with another request, and with {@link io.checkoutgateway.failure.Reason#CONFLICT} when its key, or one of its subject keys,
     *     belongs to a living customer already
     */
    Future<Answered> add(
            String id,
            String namespace,
            NewCustomer customer,
            Optional<IdempotencyKey> key,
            Function<Customer, StoredAnswer> answer);

    /** The customer of this id, a deleted one too; empty for another namespace's. */
    Future<Optional<Customer>> find(String namespace, String id);

    /** The living customer of this key. */
    Future<Optional<Customer>> findByKey(String namespace, String key);
}
