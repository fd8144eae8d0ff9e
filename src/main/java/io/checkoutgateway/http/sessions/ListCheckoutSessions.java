package io.checkoutgateway.http.sessions;

import io.checkoutgateway.api.model.CheckoutSessionCursorPage;
import io.checkoutgateway.checkout.CheckoutService;
import io.checkoutgateway.checkout.SessionField;
import io.checkoutgateway.checkout.SessionPage;
import io.checkoutgateway.http.Call;
import io.checkoutgateway.http.Listing;
import io.checkoutgateway.http.Operation;
import io.checkoutgateway.http.Reply;
import io.vertx.core.Future;
import java.util.List;

/** {@code GET /api/v1/checkout-sessions} */
public final class ListCheckoutSessions implements Operation {
    private final CheckoutService checkout;

    public ListCheckoutSessions(CheckoutService checkout) {
        this.checkout = checkout;
    }

    @Override
    public String id() {
        return "list-checkout-sessions";
    }

    @Override
    public Future<Reply> handle(Call call) {
        Listing listing = Listing.of(call.query(), SessionField::of, List.of());
        return checkout.list(call.namespace(), listing.query()).map(page -> reply(listing, page));
    }

    private static Reply reply(Listing listing, SessionPage page) {
        return Reply.json(
                200,
                new CheckoutSessionCursorPage()
                        .withData(page.sessions().stream()
                                .map(SessionResource::of)
                                .toList())
                        .withMeta(listing.meta(page)));
    }
}
