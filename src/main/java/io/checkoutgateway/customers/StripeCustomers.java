package io.checkoutgateway.customers;

import com.github.f4b6a3.ulid.UlidCreator;
import io.checkoutgateway.apps.StripeApp;
import io.checkoutgateway.failure.Reason;
import io.checkoutgateway.failure.StripeFailure;
import io.vertx.core.Future;
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
        return links.find(app.id(), customer.id())
                .map(link -> link.flatMap(found -> Optional.ofNullable(found.stripeCustomerId())));
    }

    /** The {@code cus_…} of this customer, made when it has none; fails with a {@link StripeFailure}. */
    public Future<String> ensure(StripeApp app, Customer customer) {
        String key = app.id() + '/' + customer.id();
        Future<String> shared = underWay.computeIfAbsent(key, ignored -> link(app, customer));
        return shared.onComplete(done -> underWay.remove(key, shared));
    }

    private Future<String> link(StripeApp app, Customer customer) {
        return links.ensure(
                        UlidCreator.getMonotonicUlid().toString(),
                        customer.namespace(),
                        app.id(),
                        customer.id(),
                        stripe.parametersOf(app, customer))
                .compose(link -> complete(app, link));
    }

    private Future<String> complete(StripeApp app, StripeCustomerLink link) {
        if (link.stripeCustomerId() != null) {
            return Future.succeededFuture(link.stripeCustomerId());
        }
        return keyExpired(link)
                ? adoptOrTryAgain(app, link)
                : createAndRecord(app, link).recover(failure -> giveUpKeyOf(app, link, failure));
    }

    private boolean keyExpired(StripeCustomerLink link) {
        return link.attemptStartedAt().plus(KEY_LIFETIME).isBefore(clock.instant());
    }

    private Future<String> createAndRecord(StripeApp app, StripeCustomerLink link) {
        return stripe.create(app, link.parameters(), link.stripeKey()).compose(made -> record(link, made));
    }

    private Future<String> record(StripeCustomerLink link, String stripeCustomerId) {
        return links.complete(link.id(), stripeCustomerId).map(done -> stripeCustomerId);
    }

    /** Stripe repeats a 500 for as long as the key lives, so that trying again needs another key. */
    private Future<String> giveUpKeyOf(StripeApp app, StripeCustomerLink link, Throwable failure) {
        boolean saved =
                failure instanceof StripeFailure stripeFailure && stripeFailure.reason() == Reason.STRIPE_FAILED;
        return saved ? adoptOrTryAgain(app, link) : Future.failedFuture(failure);
    }

    private Future<String> adoptOrTryAgain(StripeApp app, StripeCustomerLink link) {
        return stripe.findCreated(app, link.customerId(), link.attemptStartedAt())
                .compose(found -> found.map(adopted -> record(link, adopted))
                        .orElseGet(() -> links.nextAttempt(link).compose(next -> createAndRecord(app, next))));
    }
}
