package io.checkoutgateway.customers;

import io.checkoutgateway.audit.Actor;
import io.vertx.core.Future;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Where it is remembered how customers are billed. */
public interface CustomerBillingStore {
    /**
     * An account with customers: an app's own or, with the connected one's id, one that it reaches.
     *
     * @param appId {@code null}: no app serves the customer, and there is no counterpart
     */
    record Place(@Nullable String appId, @Nullable String account) {}

    /**
     * A change, made whole or not at all.
     *
     * @param from where the state lies that {@code versions} speak of
     * @param versions the states that this holds for; {@code null}: any
     * @param binds whether the customer is bound to another profile
     * @param profileId the profile, with {@code binds}; {@code null}: the default one
     * @param tie the counterpart to tie it to; {@code null}: none
     * @param to where the state after the change lies
     */
    record Change(
            Place from,
            @Nullable Set<Long> versions,
            boolean binds,
            @Nullable String profileId,
            @Nullable CustomerTie tie,
            Place to) {}

    /** How the customer is billed; fails with {@code NOT_FOUND} for one that is not in the namespace. */
    Future<CustomerBilling> find(String namespace, String customerId, Place place);

    /**
     * Changes it, and sees to it that Stripe learns of a payment method that was chosen; answers what it is now.
     *
     * @return fails with {@code NOT_FOUND} or {@code GONE} for the customer, {@code PRECONDITION_FAILED} for its state,
     *     and {@code CONFLICT} when the counterpart belongs to another customer
     */
    Future<CustomerBilling> change(Actor actor, String customerId, Change change);
}
