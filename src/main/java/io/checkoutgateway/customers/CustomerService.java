package io.checkoutgateway.customers;

import com.github.f4b6a3.ulid.UlidCreator;
import io.checkoutgateway.failure.GatewayException;
import io.checkoutgateway.failure.Reason;
import io.checkoutgateway.idempotency.Answered;
import io.checkoutgateway.idempotency.IdempotencyKey;
import io.checkoutgateway.idempotency.StoredAnswer;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.Optional;
import java.util.function.Function;

/** Makes customers and finds them. */
public final class CustomerService {
    private final CustomerStore store;

    public CustomerService(CustomerStore store) {
        this.store = store;
    }

    /**
     * Makes a customer, or answers what an earlier request with the same key was answered.
     *
     * @param answer writes the answer, which is stored with the customer
     * @return fails with {@link Reason#CONFLICT} when the customer's key is taken
     */
    public Future<Answered> create(
            String namespace,
            NewCustomer customer,
            Optional<IdempotencyKey> key,
            Function<Customer, StoredAnswer> answer) {
        return store.add(UlidCreator.getMonotonicUlid().toString(), namespace, customer, key, answer);
    }

    /** Makes a customer for the gateway itself; fails with {@link Reason#CONFLICT} when the customer's key is taken. */
    public Future<Customer> add(String namespace, NewCustomer customer) {
        String id = UlidCreator.getMonotonicUlid().toString();
        return store.add(id, namespace, customer, Optional.empty(), CustomerService::unread)
                .compose(added -> get(namespace, id));
    }

    /**
     * Makes a customer as a step of another request, once for each idempotency key.
     *
     * @param key of that step, not of the whole request
     * @return fails as {@link #create} does
     */
    public Future<Customer> addOnce(String namespace, NewCustomer customer, Optional<IdempotencyKey> key) {
        String id = UlidCreator.getMonotonicUlid().toString();
        return store.add(id, namespace, customer, key, CustomerService::unread)
                .compose(added -> get(namespace, added.answer().body().toString()));
    }

    private static StoredAnswer unread(Customer customer) {
        return new StoredAnswer(201, "text/plain", Buffer.buffer(customer.id()));
    }

    /** The customer, a deleted one too; fails with {@link Reason#NOT_FOUND} when there is none in the namespace. */
    public Future<Customer> get(String namespace, String id) {
        return store.find(namespace, id).compose(found -> found.map(Future::succeededFuture)
                .orElseGet(
                        () -> Future.failedFuture(new GatewayException(Reason.NOT_FOUND, "No customer has this id"))));
    }

    /** The living customer of this key; fails with {@link Reason#NOT_FOUND} when there is none in the namespace. */
    public Future<Customer> byKey(String namespace, String key) {
        return store.findByKey(namespace, key).compose(found -> found.map(Future::succeededFuture)
                .orElseGet(
                        () -> Future.failedFuture(new GatewayException(Reason.NOT_FOUND, "No customer has this key"))));
    }
}
