package io.checkoutgateway.http.sessions;

import io.checkoutgateway.api.model.CheckoutSessionPayer;
import io.checkoutgateway.api.model.CreateCheckoutSessionRequest;
import io.checkoutgateway.checkout.CheckoutService;
import io.checkoutgateway.checkout.CreateCheckout;
import io.checkoutgateway.checkout.Payer;
import io.checkoutgateway.http.Call;
import io.checkoutgateway.http.Operation;
import io.checkoutgateway.http.Reply;
import io.checkoutgateway.http.billing.CustomerResource;
import io.vertx.core.Future;

/** {@code POST /api/v1/checkout-sessions} */
public final class CreateCheckoutSession implements Operation {
    public static final String ID = "create-checkout-session";

    private final CheckoutService checkout;

    public CreateCheckoutSession(CheckoutService checkout) {
        this.checkout = checkout;
    }

    @Override
    public String id() {
        return ID;
    }

    @Override
    public Future<Reply> handle(Call call) {
        CreateCheckoutSessionRequest request = call.body(CreateCheckoutSessionRequest.class);
        CreateCheckout command = new CreateCheckout(
                call.actor(),
                payer(request.getCustomer()),
                request.getAppId(),
                request.getStripeAccount(),
                request.getStripeCustomerId(),
                request.getStripeOptions(),
                call.idempotencyKey());
        return checkout.create(command, new SessionAnswers(call.requestId())).map(Reply::stored);
    }

    /** The contract lets exactly one member through. */
    private static Payer payer(CheckoutSessionPayer payer) {
        if (payer.getId() != null) {
            return new Payer.ById(payer.getId());
        }
        return payer.getKey() != null
                ? new Payer.ByKey(payer.getKey())
                : new Payer.New(CustomerResource.of(payer.getCreate()));
    }
}
