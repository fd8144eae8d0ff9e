package io.checkoutgateway.sandbox.resources;

import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/** Who stands at the page. */
public record Payer(@Nullable String email, @Nullable String name) {

    JsonObject billingDetails() {
        return new JsonObject()
                .put("address", Addresses.EMPTY.copy())
                .put("email", email)
                .put("name", name)
                .put("phone", null)
                .put("tax_id", null);
    }
}
