package io.checkoutgateway.http.sessions;

import io.checkoutgateway.checkout.CheckoutService;
import io.checkoutgateway.http.Call;
import io.checkoutgateway.http.Operation;
import io.checkoutgateway.http.Reply;
import io.vertx.core.Future;

/** {@code GET /api/v1/checkout-sessions/{sessionId}/stripe-object} */
public final class GetCheckoutSessionStripeObject implements Operation {
    private final CheckoutService checkout;

    public GetCheckoutSessionStripeObject(CheckoutService checkout) {
        this.checkout = checkout;
    }

    @Override
    public String id() {
        return "get-checkout-session-stripe-object";
    }

    @Override
    public Future<Reply> handle(Call call) {
        return checkout.get(call.namespace(), call.path("sessionId"))
                .map(session -> SessionResource.readStripeObject(call, session));
    }
}
