package io.checkoutgateway.customers;

import io.checkoutgateway.audit.Actor;
import io.checkoutgateway.failure.Reason;
import io.checkoutgateway.idempotency.Answered;
import io.checkoutgateway.idempotency.IdempotencyKey;
import io.checkoutgateway.idempotency.StoredAnswer;
import io.vertx.core.Future;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Where customers are remembered; each change with its entry in the audit trail. */
public interface CustomerStore {
    /**
     * Remembers a new customer and, under the idempotency key if there is one, the answer to the request.
     *
     * @return the answer to this or an earlier request with the same key; fails with
     *     {@link Reason#IDEMPOTENCY_KEY_REUSED} when it came with another request, and with {@link Reason#CONFLICT} when
     *     its key, or one of its subject keys, belongs to a living customer already
     */
    Future<Answered> add(
            Actor actor,
            String id,
            NewCustomer customer,
            Optional<IdempotencyKey> key,
            Function<Customer, StoredAnswer> answer);

    /** The customer of this id, a deleted one too; empty for another namespace's. */
    Future<Optional<Customer>> find(String namespace, String id);

    /** A page of the namespace's living customers. */
    Future<CustomerPage> list(String namespace, CustomerQuery query);

    /**
     * Replaces all that may change about a customer.
     *
     * @param versions those that the caller knows; {@code null} when any will do
     * @return empty for another namespace's; fails with {@link Reason#GONE} when it was deleted, with
     *     {@link Reason#PRECONDITION_FAILED} when it has another version, and with {@link Reason#CONFLICT} when one of the
     *     subject keys belongs to another customer
     */
    Future<Optional<Customer>> replace(Actor actor, String id, CustomerDetails details, @Nullable Set<Long> versions);

    /**
     * Marks a customer as deleted, and frees its key and its subject keys; a deleted one stays as it is.
     *
     * @param versions those that the caller knows; {@code null} when any will do
     * @return whether there is such a customer; fails with {@link Reason#PRECONDITION_FAILED} when it has another version
     */
    Future<Boolean> remove(Actor actor, String id, @Nullable Set<Long> versions);

    /** The living customer of this key. */
    Future<Optional<Customer>> findByKey(String namespace, String key);
}
