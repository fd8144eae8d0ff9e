package io.checkoutgateway.sandbox.resources;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

/** Writes the members of a session that have a value only where something is sold, as events of 2026 show them. */
final class SellingMembers {
    private SellingMembers() {}

    static void write(JsonObject params, JsonObject session) {
        boolean adaptive = Requests.object(params, "adaptive_pricing").getBoolean("enabled", false);
        session.put("adaptive_pricing", new JsonObject().put("enabled", adaptive))
                .put("discounts", new JsonArray())
                .put("phone_number_collection", phone().mergeIn(Requests.object(params, "phone_number_collection")));
        if (session.getString("mode").equals("payment")) {
            session.put("invoice_creation", invoice().mergeIn(Requests.object(params, "invoice_creation"), true));
        } else {
            session.put(
                    "saved_payment_method_options",
                    saved().mergeIn(Requests.object(params, "saved_payment_method_options")));
        }
    }

    private static JsonObject phone() {
        return new JsonObject().put("enabled", false);
    }

    private static JsonObject invoice() {
        JsonObject data = new JsonObject()
                .put("account_tax_ids", null)
                .put("custom_fields", null)
                .put("description", null)
                .put("footer", null)
                .put("issuer", null)
                .put("metadata", new JsonObject())
                .put("rendering_options", null);
        return new JsonObject().put("enabled", false).put("invoice_data", data);
    }

    private static JsonObject saved() {
        return new JsonObject()
                .put("allow_redisplay_filters", new JsonArray().add("always"))
                .put("payment_method_remove", "disabled")
                .put("payment_method_save", null);
    }
}
