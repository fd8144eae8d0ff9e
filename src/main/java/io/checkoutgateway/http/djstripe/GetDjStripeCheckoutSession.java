package io.checkoutgateway.http.djstripe;

import io.checkoutgateway.checkout.CheckoutService;
import io.checkoutgateway.checkout.CheckoutSession;
import io.checkoutgateway.http.Call;
import io.checkoutgateway.http.Operation;
import io.checkoutgateway.http.Reply;
import io.vertx.core.Future;
import java.util.List;

/** {@code GET /api/v1/djstripe/checkout-sessions/{id}} */
public final class GetDjStripeCheckoutSession implements Operation {
    private final CheckoutService checkout;

    public GetDjStripeCheckoutSession(CheckoutService checkout) {
        this.checkout = checkout;
    }

    @Override
    public String id() {
        return "get-dj-stripe-checkout-session";
    }

    @Override
    public Future<Reply> handle(Call call) {
        return find(call.namespace(), call.path("id")).compose(session -> checkout.lineItems(List.of(session))
                .map(items -> Reply.json(200, DjStripeDocument.of(session, items.get(session.id())))));
    }

    /** Ten digits may exceed what a row can be numbered; such a number is nobody's. */
    private Future<CheckoutSession> find(String namespace, String id) {
        boolean number = id.chars().allMatch(c -> c >= '0' && c <= '9');
        return number && Long.parseLong(id) <= Integer.MAX_VALUE
                ? checkout.getByDjstripeId(namespace, Integer.parseInt(id))
                : checkout.get(namespace, id);
    }
}
