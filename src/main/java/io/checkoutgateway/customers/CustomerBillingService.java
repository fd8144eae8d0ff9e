package io.checkoutgateway.customers;

import com.github.f4b6a3.ulid.UlidCreator;
import io.checkoutgateway.apps.StripeApp;
import io.checkoutgateway.audit.Actor;
import io.checkoutgateway.customers.CustomerBilling.Counterpart;
import io.checkoutgateway.customers.CustomerBillingStore.Change;
import io.checkoutgateway.customers.CustomerBillingStore.Place;
import io.checkoutgateway.failure.GatewayException;
import io.checkoutgateway.failure.InvalidParameter;
import io.checkoutgateway.failure.Reason;
import io.vertx.core.Future;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How customers are billed: which profile serves them, and who they are at Stripe. What a caller names at Stripe is
 * looked up there before anything is written, and no connection is held meanwhile.
 */
public final class CustomerBillingService {
    /** What Stripe calls payment methods that can be a customer's default for invoices. */
    private static final String PAYMENT_METHOD_PREFIX = "pm_";

    /** Whoever finds the state changed looks again; it changes rarely, and not for ever. */
    private static final int LOOKS_MAX = 3;

    private final CustomerService customers;
    private final ServingApps serving;
    private final CustomerBillingStore store;
    private final StripeCounterparts stripe;

    public CustomerBillingService(
            CustomerService customers, ServingApps serving, CustomerBillingStore store, StripeCounterparts stripe) {
        this.customers = customers;
        this.serving = serving;
        this.store = store;
        this.stripe = stripe;
    }

    /** How the customer is billed, a deleted one too; fails with {@link Reason#NOT_FOUND} when there is none. */
    public Future<CustomerBilling> get(String namespace, String customerId) {
        return customers.get(namespace, customerId).compose(customer -> placeOf(customer)
                .compose(place -> store.find(namespace, customerId, place)));
    }

    /**
     * Sets how the customer is billed.
     *
     * @return fails with {@link Reason#NOT_FOUND} or {@link Reason#GONE} for the customer or the profile, with
     *     {@link Reason#STRIPE_REFERENCE}, {@link Reason#CONFLICT} or {@link Reason#PRECONDITION_FAILED}, or as Stripe
     *     does
     */
    public Future<CustomerBilling> update(Actor actor, String customerId, BillingUpdate update) {
        return living(actor.namespace(), customerId).compose(customer -> appOf(actor.namespace(), update.profileId())
                .compose(app -> placeOf(customer).compose(from -> checked(app, update.counterpart(), "app_data.stripe.")
                        .compose(tie -> store.change(
                                actor,
                                customerId,
                                new Change(from, update.versions(), true, update.profileId(), tie, placeOf(app)))))));
    }

    /** Sets the customer's counterpart in the app that serves it; fails as {@link #update} does. */
    public Future<CustomerBilling> updateCounterpart(
            Actor actor, String customerId, Counterpart counterpart, @Nullable Set<Long> versions) {
        return living(actor.namespace(), customerId)
                .compose(customer -> serving.of(customer).compose(app -> checked(app, counterpart, "stripe.")
                        .compose(tie -> store.change(
                                actor,
                                customerId,
                                new Change(placeOf(app), versions, false, null, tie, placeOf(app))))));
    }

    /**
     * Ties the customer to a counterpart in this app's account, unless it is so already.
     *
     * @param app as it is, or for a connected account
     * @param field the caller's name for the counterpart
     * @return fails with {@link Reason#CONFLICT} when the customer has another counterpart, or the counterpart another
     *     customer, and as {@link #update} does
     */
    public Future<Void> tie(Actor actor, Customer customer, StripeApp app, String stripeCustomerId, String field) {
        return tie(actor, customer, app, stripeCustomerId, field, LOOKS_MAX);
    }

    /** Fails with {@link Reason#STRIPE_REFERENCE} when Stripe has no such customer. */
    public Future<Void> requireAtStripe(StripeApp app, String stripeCustomerId, String field) {
        return seen(app, stripeCustomerId, field).mapEmpty();
    }

    private Future<Void> tie(
            Actor actor, Customer customer, StripeApp app, String stripeCustomerId, String field, int looksLeft) {
        Place place = placeOf(app);
        return store.find(actor.namespace(), customer.id(), place).compose(now -> {
            Counterpart known = now.counterpart();
            if (known != null) {
                return known.stripeCustomerId().equals(stripeCustomerId)
                        ? Future.succeededFuture()
                        : Future.failedFuture(tiedToAnother(field));
            }
            return looked(app, stripeCustomerId, null, null, field, "")
                    .compose(tie -> store.change(
                            actor,
                            customer.id(),
                            // Two at once: the second finds another state, and does not undo what the first did.
                            new Change(place, Set.of(now.version()), false, null, tie, place)))
                    .<Void>mapEmpty()
                    .recover(failure -> looksLeft > 1 && isPrecondition(failure)
                            ? tie(actor, customer, app, stripeCustomerId, field, looksLeft - 1)
                            : Future.failedFuture(failure));
        });
    }

    private static boolean isPrecondition(Throwable failure) {
        return GatewayException.is(failure, Reason.PRECONDITION_FAILED);
    }

    private static GatewayException tiedToAnother(String field) {
        return new GatewayException(
                Reason.CONFLICT, field + " is not the customer at Stripe that this customer is linked to");
    }

    private Future<Customer> living(String namespace, String customerId) {
        return customers
                .get(namespace, customerId)
                .compose(customer -> customer.deletedAt() == null
                        ? Future.succeededFuture(customer)
                        : Future.failedFuture(new GatewayException(
                                Reason.GONE, "The customer was deleted at " + customer.deletedAt())));
    }

    /** A profile that the caller names is a member of the request, and missing in its own words. */
    private Future<StripeApp> appOf(String namespace, @Nullable String profileId) {
        return serving.ofProfile(namespace, profileId)
                .recover(failure -> Future.failedFuture(
                        profileId != null && GatewayException.is(failure, Reason.NOT_FOUND)
                                ? GatewayException.notFound(List.of(InvalidParameter.inBody(
                                        "billing_profile.id", "unknown", "names no billing profile")))
                                : failure));
    }

    private Future<Place> placeOf(Customer customer) {
        return serving.ifAny(customer)
                .map(app -> app.map(CustomerBillingService::placeOf).orElseGet(() -> new Place(null, null)));
    }

    private static Place placeOf(StripeApp app) {
        return new Place(app.id(), app.connectedAccount());
    }

    private Future<@Nullable CustomerTie> checked(StripeApp app, @Nullable Counterpart wanted, String prefix) {
        return wanted == null
                ? Future.succeededFuture()
                : looked(
                        app,
                        wanted.stripeCustomerId(),
                        wanted.defaultPaymentMethodId(),
                        wanted.labels(),
                        prefix + "customer_id",
                        prefix + "default_payment_method_id");
    }

    private Future<@Nullable CustomerTie> looked(
            StripeApp app,
            String stripeCustomerId,
            @Nullable String chosen,
            @Nullable Map<String, String> labels,
            String customerField,
            String methodField) {
        return seen(app, stripeCustomerId, customerField)
                .compose(seen -> owned(app, stripeCustomerId, chosen, methodField)
                        .map(checked -> new CustomerTie(
                                UlidCreator.getMonotonicUlid().toString(),
                                app.id(),
                                app.connectedAccount(),
                                stripeCustomerId,
                                chosen,
                                seen.defaultPaymentMethodId(),
                                seen.asOf(),
                                labels)));
    }

    private Future<StripeCounterparts.Seen> seen(StripeApp app, String stripeCustomerId, String field) {
        return stripe.customer(app, stripeCustomerId).compose(found -> found.map(Future::succeededFuture)
                .orElseGet(() -> notAtStripe(field, "names no customer in the Stripe account")));
    }

    private Future<Void> owned(StripeApp app, String stripeCustomerId, @Nullable String chosen, String field) {
        if (chosen == null) {
            return Future.succeededFuture();
        }
        if (!chosen.startsWith(PAYMENT_METHOD_PREFIX)) {
            return notAtStripe(field, "must be a payment method's id, which begins with " + PAYMENT_METHOD_PREFIX);
        }
        return stripe.isPaymentMethodOf(app, stripeCustomerId, chosen)
                .compose(owned -> owned
                        ? Future.succeededFuture()
                        : notAtStripe(field, "names no payment method of this customer at Stripe"));
    }

    private static <T> Future<T> notAtStripe(String field, String reason) {
        return Future.failedFuture(
                GatewayException.notAtStripe(InvalidParameter.inBody(field, "not_at_stripe", reason)));
    }
}
