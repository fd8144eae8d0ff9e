package io.checkoutgateway.http.sessions;

import io.checkoutgateway.checkout.CheckoutService;
import io.checkoutgateway.http.Call;
import io.checkoutgateway.http.Operation;
import io.checkoutgateway.http.Reply;
import io.vertx.core.Future;

/** {@code POST /api/v1/checkout-sessions/{sessionId}/expire} */
public final class ExpireCheckoutSession implements Operation {
    private final CheckoutService checkout;

    public ExpireCheckoutSession(CheckoutService checkout) {
        this.checkout = checkout;
    }

    @Override
    public String id() {
        return "expire-checkout-session";
    }

    @Override
    public Future<Reply> handle(Call call) {
        return checkout.expire(call.actor(), call.path("sessionId")).map(SessionResource::reply);
    }
}
