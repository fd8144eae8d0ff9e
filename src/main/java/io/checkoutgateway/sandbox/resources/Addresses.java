package io.checkoutgateway.sandbox.resources;

import io.vertx.core.json.JsonObject;

/** Postal addresses; the page asks for none. */
final class Addresses {
    static final JsonObject EMPTY = new JsonObject()
            .put("city", null)
            .put("country", null)
            .put("line1", null)
            .put("line2", null)
            .put("postal_code", null)
            .put("state", null);

    private Addresses() {}
}
