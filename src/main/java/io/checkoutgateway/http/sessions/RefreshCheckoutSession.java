package io.checkoutgateway.http.sessions;

import io.checkoutgateway.checkout.CheckoutService;
import io.checkoutgateway.http.Call;
import io.checkoutgateway.http.Operation;
import io.checkoutgateway.http.Reply;
import io.vertx.core.Future;

/** {@code POST /api/v1/checkout-sessions/{sessionId}/refresh} */
public final class RefreshCheckoutSession implements Operation {
    private final CheckoutService checkout;

    public RefreshCheckoutSession(CheckoutService checkout) {
        this.checkout = checkout;
    }

    @Override
    public String id() {
        return "refresh-checkout-session";
    }

    @Override
    public Future<Reply> handle(Call call) {
        return checkout.refresh(call.actor(), call.path("sessionId")).map(SessionResource::reply);
    }
}
