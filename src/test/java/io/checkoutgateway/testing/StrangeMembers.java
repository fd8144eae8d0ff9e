package io.checkoutgateway.testing;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;

/** Values of every kind that JSON has, for members that should hold another one. */
public final class StrangeMembers {
    public static final List<Object> VALUES = List.of(
            true,
            -5,
            1.5e300,
            "strange",
            new JsonObject().put("id", 7).put("status", new JsonArray()),
            new JsonArray().add(new JsonObject()).addNull());

    private StrangeMembers() {}
}
