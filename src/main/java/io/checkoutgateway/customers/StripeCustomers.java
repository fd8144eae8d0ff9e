package io.checkoutgateway.customers;

import com.github.f4b6a3.ulid.UlidCreator;
import io.checkoutgateway.apps.StripeApp;
import io.checkoutgateway.failure.Reason;
import io.checkoutgateway.failure.StripeFailure;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * Gives every customer one counterpart in a Stripe account, however many callers ask at once and whoever dies
 * meanwhile.
 *
 * <p>The link row and its frozen parameters are committed before Stripe is called, and Stripe's idempotency key is
 * derived from the row. Two replicas, or a replica and its successor after a crash, therefore make the same call, and
 * Stripe answers both with the same customer. Within a process callers share one call.
 */
public final class StripeCustomers {
    /** Stripe may forget a key after 24 h; an hour less keeps clear of the edge. (Idempotent requests, API v1.) */
    static final Duration KEY_LIFETIME = Duration.ofHours(23);

    private final StripeCustomerLinks links;
    private final StripeCustomerCalls stripe;
    private final Clock clock;
    private final ConcurrentMap<String, Future<String>> underWay = new ConcurrentHashMap<>();

    public StripeCustomers(StripeCustomerLinks links, StripeCustomerCalls stripe, Clock clock) {
        this.links = links;
        this.stripe = stripe;
        this.clock = clock;
    }

    /** The {@code cus_…} of this customer, if it has one. */
    public Future<Optional<String>> known(StripeApp app, Customer customer) {
        return links.find(app.id(), app.connectedAccount(), customer.id())
                .map(link -> link.flatMap(found -> Optional.ofNullable(found.stripeCustomerId())));
    }

    /** The {@code cus_…} of this customer, made when it has none; fails with a {@link StripeFailure}. */
    public Future<String> ensure(StripeApp app, Customer customer) {
        String key = app.id() + '/' + app.connectedAccount() + '/' + customer.id();
        Future<String> shared = underWay.computeIfAbsent(key, ignored -> link(app, customer));
        return shared.onComplete(done -> underWay.remove(key, shared));
    }

    private Future<String> link(StripeApp app, Customer customer) {
        JsonObject parameters = stripe.parametersOf(app, customer);
        return links.ensure(
                        UlidCreator.getMonotonicUlid().toString(),
                        customer.namespace(),
                        app.id(),
                        app.connectedAccount(),
                        customer.id(),
                        parameters)
                .compose(link -> complete(app, link, parameters));
    }

    /** @param parameters what Stripe would be asked now; the link may hold what it was asked before */
    private Future<String> complete(StripeApp app, StripeCustomerLink link, JsonObject parameters) {
        if (link.stripeCustomerId() != null) {
            return Future.succeededFuture(link.stripeCustomerId());
        }
        return keyExpired(link)
                ? adoptOrTryAgain(app, link, parameters)
                : createAndRecord(app, link).recover(failure -> giveUpKeyOf(app, link, parameters, failure));
    }

    private boolean keyExpired(StripeCustomerLink link) {
        return link.attemptStartedAt().plus(KEY_LIFETIME).isBefore(clock.instant());
    }

    private Future<String> createAndRecord(StripeApp app, StripeCustomerLink link) {
        return stripe.create(app, link.parameters(), link.stripeKey()).compose(made -> record(link, made));
    }

    private Future<String> record(StripeCustomerLink link, String stripeCustomerId) {
        // Whoever was first has made the tie; everyone goes on with that customer.
        return links.complete(link.id(), stripeCustomerId).map(tied -> orElse(tied, stripeCustomerId));
    }

    private static String orElse(StripeCustomerLink tied, String made) {
        return tied.stripeCustomerId() == null ? made : tied.stripeCustomerId();
    }

    /**
     * Trying again needs another key when Stripe repeats a 500 for as long as this one lives, and when the customer has
     * changed since Stripe refused what is frozen.
     */
    private Future<String> giveUpKeyOf(
            StripeApp app, StripeCustomerLink link, JsonObject parameters, Throwable failure) {
        if (failure instanceof StripeFailure known) {
            if (known.reason() == Reason.STRIPE_FAILED) {
                return adoptOrTryAgain(app, link, parameters);
            }
            if (known.effect() == StripeFailure.Effect.REFUSED && !parameters.equals(link.parameters())) {
                return tryAgain(app, link, parameters);
            }
        }
        return Future.failedFuture(failure);
    }

    private Future<String> adoptOrTryAgain(StripeApp app, StripeCustomerLink link, JsonObject parameters) {
        return stripe.findCreated(app, link.customerId(), link.attemptStartedAt())
                .compose(found ->
                        found.map(adopted -> record(link, adopted)).orElseGet(() -> tryAgain(app, link, parameters)));
    }

    private Future<String> tryAgain(StripeApp app, StripeCustomerLink link, JsonObject parameters) {
        return links.nextAttempt(link, parameters)
                .compose(next -> next.stripeCustomerId() == null
                        ? createAndRecord(app, next)
                        : Future.succeededFuture(next.stripeCustomerId()));
    }
}
