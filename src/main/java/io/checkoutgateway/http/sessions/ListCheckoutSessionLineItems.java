package io.checkoutgateway.http.sessions;

import io.checkoutgateway.api.model.CheckoutSessionLineItem;
import io.checkoutgateway.api.model.CheckoutSessionLineItemMeta;
import io.checkoutgateway.api.model.CheckoutSessionLineItemPage;
import io.checkoutgateway.checkout.CheckoutService;
import io.checkoutgateway.checkout.LineItems;
import io.checkoutgateway.checkout.Members;
import io.checkoutgateway.http.Call;
import io.checkoutgateway.http.Operation;
import io.checkoutgateway.http.Reply;
import io.checkoutgateway.http.SequencePage;
import io.checkoutgateway.http.Wire;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Locale;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/** {@code GET /api/v1/checkout-sessions/{sessionId}/line-items} */
public final class ListCheckoutSessionLineItems implements Operation {
    private final CheckoutService checkout;

    public ListCheckoutSessionLineItems(CheckoutService checkout) {
        this.checkout = checkout;
    }

    @Override
    public String id() {
        return "list-checkout-session-line-items";
    }

    @Override
    public Future<Reply> handle(Call call) {
        SequencePage page = SequencePage.of(call.query());
        return checkout.lineItems(call.namespace(), call.path("sessionId")).map(lineItems -> reply(page, lineItems));
    }

    private static Reply reply(SequencePage page, LineItems lineItems) {
        List<Long> places = LongStream.range(page.after(), lineItems.items().size())
                .map(index -> index + 1)
                .boxed()
                .toList();
        return Reply.json(
                200,
                new CheckoutSessionLineItemPage()
                        .withData(page.shown(places).stream()
                                .map(place -> resource(lineItems.items().get(place.intValue() - 1)))
                                .toList())
                        .withMeta(new CheckoutSessionLineItemMeta()
                                .withPage(page.meta(places, Long::longValue).getPage())
                                .withPending(lineItems.pending())
                                .withFetchedAt(Wire.utc(lineItems.asOf()))));
    }

    private static CheckoutSessionLineItem resource(JsonObject item) {
        JsonObject price = Members.object(item, "price");
        return new CheckoutSessionLineItem()
                .withId(Members.text(item, "id"))
                .withDescription(Members.text(item, "description"))
                .withQuantity(Members.number(item, "quantity"))
                .withCurrency(upperCase(Members.text(item, "currency")))
                .withAmountSubtotal(Members.number(item, "amount_subtotal"))
                .withAmountDiscount(Members.number(item, "amount_discount"))
                .withAmountTax(Members.number(item, "amount_tax"))
                .withAmountTotal(Members.number(item, "amount_total"))
                .withPriceId(Members.reference(item, "price"))
                .withProductId(Members.reference(price, "product"));
    }

    private static @Nullable String upperCase(@Nullable String currency) {
        return currency == null ? null : currency.toUpperCase(Locale.ROOT);
    }
}
