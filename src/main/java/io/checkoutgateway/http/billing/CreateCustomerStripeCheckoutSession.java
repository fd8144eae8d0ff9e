package io.checkoutgateway.http.billing;

import io.checkoutgateway.api.model.BillingCustomerStripeCreateCheckoutSessionRequest;
import io.checkoutgateway.checkout.CheckoutService;
import io.checkoutgateway.checkout.CreateCheckout;
import io.checkoutgateway.http.Call;
import io.checkoutgateway.http.Operation;
import io.checkoutgateway.http.Reply;
import io.vertx.core.Future;

/** {@code POST /api/v3/openmeter/customers/{customerId}/billing/stripe/checkout-sessions} */
public final class CreateCustomerStripeCheckoutSession implements Operation {
    private final CheckoutService checkout;

    public CreateCustomerStripeCheckoutSession(CheckoutService checkout) {
        this.checkout = checkout;
    }

    @Override
    public String id() {
        return "create-customer-stripe-checkout-session";
    }

    @Override
    public Future<Reply> handle(Call call) {
        BillingCustomerStripeCreateCheckoutSessionRequest request =
                call.body(BillingCustomerStripeCreateCheckoutSessionRequest.class);
        CreateCheckout command = new CreateCheckout(
                call.actor(), call.path("customerId"), request.getStripeOptions(), call.idempotencyKey());
        return checkout.create(command, new CheckoutAnswers(call.requestId())).map(Reply::stored);
    }
}
