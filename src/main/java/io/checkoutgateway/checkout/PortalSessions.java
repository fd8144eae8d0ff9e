package io.checkoutgateway.checkout;

import com.github.f4b6a3.ulid.UlidCreator;
import io.checkoutgateway.apps.Apps;
import io.checkoutgateway.apps.RedirectHostLists;
import io.checkoutgateway.apps.RedirectHosts;
import io.checkoutgateway.apps.StripeApp;
import io.checkoutgateway.customers.Customer;
import io.checkoutgateway.customers.CustomerService;
import io.checkoutgateway.customers.ServingApps;
import io.checkoutgateway.customers.StripeCustomers;
import io.checkoutgateway.failure.GatewayException;
import io.checkoutgateway.failure.InvalidParameter;
import io.checkoutgateway.failure.Reason;
import io.checkoutgateway.failure.StripeFailure;
import io.checkoutgateway.idempotency.Answered;
import io.checkoutgateway.idempotency.StoredAnswer;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Opens Stripe's customer portal.
 *
 * <p>Nothing is kept of a portal session, so that there is nothing to reconcile: the request is claimed, Stripe is
 * asked under a key that is derived from the claim, and the answer is stored. Whoever repeats a request that died on the
 * way makes the same call, and Stripe answers it as it did before.
 */
public final class PortalSessions {
    /** Writes the answers, which are stored. */
    public interface Answers {
        StoredAnswer opened(PortalSession session);

        StoredAnswer refused(GatewayException refusal);
    }

    /** After these the key is free for another call: nothing was asked of Stripe, or only a repeated failure is left. */
    private static final Set<Reason> ENDS =
            Set.of(Reason.INVALID_REQUEST, Reason.NOT_FOUND, Reason.GONE, Reason.STRIPE_FAILED);

    private final CustomerService customers;
    private final ServingApps serving;
    private final RedirectHostLists redirectHosts;
    private final StripeCustomers stripeCustomers;
    private final StripePortal stripe;
    private final PortalJournal journal;

    public PortalSessions(
            CustomerService customers,
            Apps apps,
            RedirectHostLists redirectHosts,
            StripeCustomers stripeCustomers,
            StripePortal stripe,
            PortalJournal journal) {
        this.customers = customers;
        this.serving = new ServingApps(apps);
        this.redirectHosts = redirectHosts;
        this.stripeCustomers = stripeCustomers;
        this.stripe = stripe;
        this.journal = journal;
    }

    /**
     * Opens the portal, or answers what an earlier request with the same key was answered. The customer is made known to
     * Stripe first if need be.
     *
     * @return fails with {@link Reason#NOT_FOUND} or {@link Reason#GONE} for the customer, with
     *     {@link Reason#INVALID_REQUEST} or {@link Reason#IDEMPOTENCY_KEY_REUSED}, or as Stripe does
     */
    public Future<Answered> open(OpenPortal wish, Answers answers) {
        String id = UlidCreator.getMonotonicUlid().toString();
        return journal.claim(wish.actor().namespace(), wish.idempotencyKey(), id)
                .compose(claim -> claim.answer().isPresent()
                        ? Future.succeededFuture(new Answered(claim.answer().get(), true))
                        : open(wish, claim, answers).recover(failure -> settle(claim, failure, answers)));
    }

    private Future<Answered> open(OpenPortal wish, PortalJournal.Claim claim, Answers answers) {
        return customers
                .get(wish.actor().namespace(), wish.customerId())
                .compose(customer -> serving.of(customer)
                        .compose(app -> redirectHosts.of(app).compose(hosts -> {
                            check(wish, app, hosts, customer);
                            return stripeCustomers
                                    .ensure(app, customer)
                                    .compose(counterpart -> stripe.open(app, counterpart, wish, claim.stripeKey()));
                        })))
                .compose(opened -> journal.opened(wish.actor(), claim, opened, answers.opened(opened)));
    }

    private static void check(OpenPortal wish, StripeApp app, RedirectHosts hosts, Customer customer) {
        if (customer.deletedAt() != null) {
            throw new GatewayException(Reason.GONE, "The customer was deleted at " + customer.deletedAt());
        }
        List<InvalidParameter> broken = new ArrayList<>();
        RedirectUrls.check("stripe_options.return_url", wish.returnUrl(), app.livemode(), hosts, broken);
        if (!broken.isEmpty()) {
            throw GatewayException.invalid(broken);
        }
    }

    /**
     * Stripe's refusal is an answer. What may have come to something there is asked for again under the same key, also
     * when it was only not written down, unless Stripe would repeat its failure for as long as that key lives: a portal
     * session that nobody was told of does no harm, and ends within minutes.
     */
    private Future<Answered> settle(PortalJournal.Claim claim, Throwable failure, Answers answers) {
        if (failure instanceof StripeFailure refused && refused.effect() == StripeFailure.Effect.REFUSED) {
            return journal.refused(claim, answers.refused(refused));
        }
        boolean ended = GatewayException.is(failure, ENDS);
        Future<Void> settled = ended ? journal.free(claim) : Future.succeededFuture();
        return settled.transform(done -> Future.failedFuture(failure));
    }
}
