package io.checkoutgateway.stripe;

import com.stripe.net.StripeResponse;
import io.checkoutgateway.apps.StripeApp;
import io.checkoutgateway.checkout.Members;
import io.checkoutgateway.customers.StripeCounterparts;
import io.checkoutgateway.failure.StripeFailure;
import io.checkoutgateway.settings.StripeSettings;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;

/** Customers and payment methods at Stripe that callers name, read for those who wait. */
public final class StripeCounterpartReadings implements StripeCounterparts {
    private static final String CUSTOMER = "GET /v1/customers/{id}";
    private static final String PAYMENT_METHOD = "GET /v1/payment_methods/{id}";

    private final StripeCalls calls;
    private final StripeClients clients;
    private final Clock clock;

    public StripeCounterpartReadings(StripeCalls calls, StripeSettings settings, Clock clock) {
        this.calls = calls;
        this.clients = new StripeClients(settings, calls.transport());
        this.clock = clock;
    }

    @Override
    public Future<Optional<Seen>> customer(StripeApp app, String stripeCustomerId) {
        return calls.run(app, CUSTOMER, timeout -> {
                    ReadingTime time = ReadingTime.begin(clock);
                    StripeResponse answer = clients.of(app)
                            .v1()
                            .customers()
                            .retrieve(stripeCustomerId, StripeClients.reading(timeout))
                            .getLastResponse();
                    return seen(new JsonObject(answer.body()), time.of(answer));
                })
                .recover(failure ->
                        isRefused(failure) ? Future.succeededFuture(Optional.empty()) : Future.failedFuture(failure));
    }

    private static Optional<Seen> seen(JsonObject customer, Instant asOf) {
        if (Members.flag(customer, "deleted")) {
            return Optional.empty();
        }
        JsonObject invoices = Members.object(customer, "invoice_settings");
        return Optional.of(new Seen(Members.reference(invoices, "default_payment_method"), asOf));
    }

    @Override
    public Future<Boolean> isPaymentMethodOf(StripeApp app, String stripeCustomerId, String paymentMethodId) {
        return calls.run(app, PAYMENT_METHOD, timeout -> new JsonObject(clients.of(app)
                                .v1()
                                .paymentMethods()
                                .retrieve(paymentMethodId, StripeClients.reading(timeout))
                                .getLastResponse()
                                .body())
                        .getString("customer"))
                .map(stripeCustomerId::equals)
                .recover(failure -> isRefused(failure) ? Future.succeededFuture(false) : Future.failedFuture(failure));
    }

    /** A reading has nothing but the id to be refused for: Stripe has no such thing, or none can have this id. */
    private static boolean isRefused(Throwable failure) {
        return failure instanceof StripeFailure known && known.effect() == StripeFailure.Effect.REFUSED;
    }
}
