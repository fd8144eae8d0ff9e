package io.checkoutgateway.sandbox.resources;

import io.vertx.core.json.JsonObject;

/** What a session that sells something asks for when its page is submitted. */
public final class Due {
    private Due() {}

    /** Whether nothing is paid at once: everything is free, or for now, in a trial. */
    static boolean isNothing(JsonObject session) {
        return !session.getString("mode").equals("setup") && session.getLong("amount_total") == 0;
    }

    /**
     * Whether the page asks how to pay. With {@code if_required} "Checkout will not collect a payment method when the
     * total due for the session is 0", which is also the rule in payment mode. (Stripe API reference, "Create a Checkout
     * Session", {@code payment_method_collection}; "No-cost orders".)
     */
    public static boolean asksForMethod(JsonObject session) {
        return !(isNothing(session) && "if_required".equals(session.getString("payment_method_collection")));
    }
}
