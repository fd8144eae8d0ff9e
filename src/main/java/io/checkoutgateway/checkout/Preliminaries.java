package io.checkoutgateway.checkout;

import io.checkoutgateway.apps.Apps;
import io.checkoutgateway.apps.RedirectHostLists;
import io.checkoutgateway.apps.StripeApp;
import io.checkoutgateway.customers.Customer;
import io.checkoutgateway.customers.CustomerBillingService;
import io.checkoutgateway.customers.CustomerService;
import io.checkoutgateway.customers.NewCustomer;
import io.checkoutgateway.customers.ServingApps;
import io.checkoutgateway.failure.GatewayException;
import io.checkoutgateway.failure.InvalidParameter;
import io.checkoutgateway.failure.Reason;
import io.checkoutgateway.idempotency.IdempotencyKey;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is settled before a create is written down: who the session is for, with which app it is opened, and whom the
 * customer brings along at Stripe. Each step can be repeated and does no more than the first time.
 */
final class Preliminaries {
    /** The step that makes a customer has a key of its own, made of the request's. */
    private static final String CUSTOMER_STEP = "/customer";

    private static final String COUNTERPART = "stripe_customer_id";

    private final CustomerService customers;
    private final ServingApps serving;
    private final Apps apps;
    private final RedirectHostLists redirectHosts;
    private final CustomerBillingService billing;

    Preliminaries(
            CustomerService customers, Apps apps, RedirectHostLists redirectHosts, CustomerBillingService billing) {
        this.customers = customers;
        this.serving = new ServingApps(apps);
        this.apps = apps;
        this.redirectHosts = redirectHosts;
        this.billing = billing;
    }

    /** @return fails with the refusals of {@link CheckoutService#create}; a broken rule leaves nothing behind */
    Future<Parties> settle(CreateCheckout command, Instant now) {
        return command.payer() instanceof Payer.New made
                ? settleNew(command, made.customer(), now)
                : known(command)
                        .compose(customer -> chosenApp(command, customer).map(app -> new Parties(app, customer)))
                        .compose(parties -> checked(command, parties, now))
                        .compose(parties -> tied(command, parties));
    }

    private Future<Customer> known(CreateCheckout command) {
        return command.payer() instanceof Payer.ById known
                ? customers.get(command.namespace(), known.id())
                : customers.byKey(command.namespace(), ((Payer.ByKey) command.payer()).key());
    }

    private Future<Parties> settleNew(CreateCheckout command, NewCustomer wanted, Instant now) {
        return chosenApp(command, null)
                .compose(app -> redirectHosts.of(app).map(hosts -> {
                    CreateRules.check(
                            command.options(), app, hosts, wanted.details().currency(), now);
                    return app;
                }))
                .compose(app -> seen(command, app))
                .compose(app -> customers
                        .addOnce(
                                command.actor(),
                                wanted,
                                command.idempotencyKey().map(Preliminaries::ofCustomer))
                        .map(customer -> new Parties(app, customer)))
                .compose(parties -> checked(command, parties, now))
                .compose(parties -> tied(command, parties));
    }

    private Future<Parties> checked(CreateCheckout command, Parties parties, Instant now) {
        return redirectHosts.of(parties.app()).map(hosts -> {
            CreateRules.check(command, parties.app(), hosts, parties.customer(), now);
            return parties;
        });
    }

    private static IdempotencyKey ofCustomer(IdempotencyKey whole) {
        return new IdempotencyKey(whole.operation() + CUSTOMER_STEP, whole.value(), whole.requestHash());
    }

    /** No customer is made for the sake of one at Stripe that is not there. */
    private Future<StripeApp> seen(CreateCheckout command, StripeApp app) {
        String counterpart = command.stripeCustomerId();
        return counterpart == null
                ? Future.succeededFuture(app)
                : billing.requireAtStripe(app, counterpart, COUNTERPART).map(app);
    }

    private Future<Parties> tied(CreateCheckout command, Parties parties) {
        String counterpart = command.stripeCustomerId();
        if (counterpart == null) {
            return Future.succeededFuture(parties);
        }
        return billing.tie(command.actor(), parties.customer(), parties.app(), counterpart, COUNTERPART)
                .map(parties);
    }

    /** @param customer {@code null} when it is not made yet, and therefore bound to no profile */
    private Future<StripeApp> chosenApp(CreateCheckout command, @Nullable Customer customer) {
        return app(command, customer).map(app -> app.connected(command.account()));
    }

    private Future<StripeApp> app(CreateCheckout command, @Nullable Customer customer) {
        if (command.appId() != null) {
            return apps.in(command.namespace(), command.appId()).recover(Preliminaries::ofThisName);
        }
        return customer == null ? apps.ofNamespace(command.namespace()) : serving.of(customer);
    }

    private static Future<StripeApp> ofThisName(Throwable failure) {
        boolean missing = GatewayException.is(failure, Reason.NOT_FOUND);
        return Future.failedFuture(
                missing
                        ? GatewayException.notFound(
                                List.of(InvalidParameter.inBody("app_id", "unknown", "names no Stripe app")))
                        : failure);
    }
}
