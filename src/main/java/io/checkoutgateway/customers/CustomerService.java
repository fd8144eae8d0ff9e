package io.checkoutgateway.customers;

import com.github.f4b6a3.ulid.UlidCreator;
import io.checkoutgateway.audit.Actor;
import io.checkoutgateway.failure.GatewayException;
import io.checkoutgateway.failure.Reason;
import io.checkoutgateway.idempotency.Answered;
import io.checkoutgateway.idempotency.IdempotencyKey;
import io.checkoutgateway.idempotency.StoredAnswer;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Makes customers, finds them, changes and deletes them. Stripe hears of a customer when its first session is opened. */
public final class CustomerService {
    private final CustomerStore store;

    public CustomerService(CustomerStore store) {
        this.store = store;
    }

    /**
     * Makes a customer, or answers what an earlier request with the same key was answered.
     *
     * @param answer writes the answer, which is stored with the customer
     * @return fails with {@link Reason#CONFLICT} when the customer's key or one of its subject keys is taken
     */
    public Future<Answered> create(
            Actor actor, NewCustomer customer, Optional<IdempotencyKey> key, Function<Customer, StoredAnswer> answer) {
        return store.add(actor, UlidCreator.getMonotonicUlid().toString(), customer, key, answer);
    }

    /** Makes a customer for who needs no answer to send on; fails with {@link Reason#CONFLICT} like {@link #create}. */
    public Future<Customer> add(Actor actor, NewCustomer customer) {
        String id = UlidCreator.getMonotonicUlid().toString();
        return store.add(actor, id, customer, Optional.empty(), CustomerService::unread)
                .compose(added -> get(actor.namespace(), id));
    }

    /**
     * Makes a customer as a step of another request, once for each idempotency key.
     *
     * @param key of that step, not of the whole request
     * @return fails as {@link #create} does
     */
    public Future<Customer> addOnce(Actor actor, NewCustomer customer, Optional<IdempotencyKey> key) {
        String id = UlidCreator.getMonotonicUlid().toString();
        return store.add(actor, id, customer, key, CustomerService::unread)
                .compose(added -> get(actor.namespace(), added.answer().body().toString()));
    }

    private static StoredAnswer unread(Customer customer) {
        return new StoredAnswer(201, "text/plain", Buffer.buffer(customer.id()));
    }

    /** The customer, a deleted one too; fails with {@link Reason#NOT_FOUND} when there is none in the namespace. */
    public Future<Customer> get(String namespace, String id) {
        return store.find(namespace, id).map(CustomerService::present);
    }

    /** A page of the namespace's customers that are not deleted. */
    public Future<CustomerPage> list(String namespace, CustomerQuery query) {
        return store.list(namespace, query);
    }

    /**
     * Replaces all that may change about a customer.
     *
     * @param versions those that the caller knows; {@code null} when any will do
     * @return fails with {@link Reason#NOT_FOUND}, {@link Reason#GONE} when it was deleted,
     *     {@link Reason#PRECONDITION_FAILED} when it has another version, and {@link Reason#CONFLICT} when one of the
     *     subject keys is taken
     */
    public Future<Customer> replace(Actor actor, String id, CustomerDetails details, @Nullable Set<Long> versions) {
        return store.replace(actor, id, details, versions).map(CustomerService::present);
    }

    /**
     * Deletes a customer; deleting it again changes nothing. Its sessions and its counterpart at Stripe stay.
     *
     * @param versions those that the caller knows; {@code null} when any will do
     * @return fails with {@link Reason#NOT_FOUND}, and with {@link Reason#PRECONDITION_FAILED} when it has another version
     */
    public Future<Void> remove(Actor actor, String id, @Nullable Set<Long> versions) {
        return store.remove(actor, id, versions)
                .compose(known -> known ? Future.succeededFuture() : Future.failedFuture(missing()));
    }

    private static Customer present(Optional<Customer> found) {
        return found.orElseThrow(CustomerService::missing);
    }

    private static GatewayException missing() {
        return new GatewayException(Reason.NOT_FOUND, "No customer has this id");
    }

    /** The living customer of this key. */
    public Future<Optional<Customer>> findByKey(String namespace, String key) {
        return store.findByKey(namespace, key);
    }

    /** The living customer of this key; fails with {@link Reason#NOT_FOUND} when there is none in the namespace. */
    public Future<Customer> byKey(String namespace, String key) {
        return store.findByKey(namespace, key)
                .map(found ->
                        found.orElseThrow(() -> new GatewayException(Reason.NOT_FOUND, "No customer has this key")));
    }
}
