package io.checkoutgateway.sandbox.resources;

import io.vertx.core.json.JsonObject;

/** What the customer ticked. */
public record Consent(boolean terms, boolean promotions) {
    public static final Consent NONE = new Consent(false, false);

    JsonObject toJson() {
        return new JsonObject()
                .put("promotions", promotions ? "opt_in" : null)
                .put("terms_of_service", terms ? "accepted" : null);
    }
}
