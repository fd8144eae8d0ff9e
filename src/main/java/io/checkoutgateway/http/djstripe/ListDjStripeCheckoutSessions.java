package io.checkoutgateway.http.djstripe;

import io.checkoutgateway.api.model.DjStripeCheckoutSessionCursorPage;
import io.checkoutgateway.checkout.CheckoutService;
import io.checkoutgateway.checkout.LineItems;
import io.checkoutgateway.checkout.SessionField;
import io.checkoutgateway.checkout.SessionPage;
import io.checkoutgateway.checkout.SessionQuery.Filter;
import io.checkoutgateway.http.Call;
import io.checkoutgateway.http.Listing;
import io.checkoutgateway.http.Operation;
import io.checkoutgateway.http.Reply;
import io.checkoutgateway.listing.Operator;
import io.vertx.core.Future;
import java.util.List;
import java.util.Map;

/** {@code GET /api/v1/djstripe/checkout-sessions} */
public final class ListDjStripeCheckoutSessions implements Operation {
    /** What Stripe has not opened has no place in a mirror of Stripe. */
    private static final List<Filter> OPENED =
            List.of(new Filter(SessionField.STRIPE_SESSION_ID, null, Operator.EXISTS, List.of()));

    private final CheckoutService checkout;

    public ListDjStripeCheckoutSessions(CheckoutService checkout) {
        this.checkout = checkout;
    }

    @Override
    public String id() {
        return "list-dj-stripe-checkout-sessions";
    }

    @Override
    public Future<Reply> handle(Call call) {
        Listing listing = Listing.forward(call.query(), DjStripeDocument::field, OPENED);
        return checkout.list(call.namespace(), listing.query())
                .compose(page -> checkout.lineItems(page.sessions()).map(items -> reply(listing, page, items)));
    }

    private static Reply reply(Listing listing, SessionPage page, Map<String, LineItems> items) {
        return Reply.json(
                200,
                new DjStripeCheckoutSessionCursorPage()
                        .withData(page.sessions().stream()
                                .map(session -> DjStripeDocument.of(session, items.get(session.id())))
                                .toList())
                        .withMeta(listing.meta(page)));
    }
}
