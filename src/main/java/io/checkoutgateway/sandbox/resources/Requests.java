package io.checkoutgateway.sandbox.resources;

import io.checkoutgateway.sandbox.events.Origin;
import io.checkoutgateway.sandbox.http.Call;
import io.checkoutgateway.sandbox.wire.StripeError;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What the resources ask of a request in the same way. */
final class Requests {
    private Requests() {}

    /** What an event caused by this request says of it. */
    static Origin origin(Call call) {
        return new Origin(call.requestId(), call.idempotencyKey());
    }

    /** Whether a filter did not come, or is the value. */
    static boolean sameText(Call call, String filter, @Nullable String value) {
        return !call.has(filter) || call.text(filter).equals(value);
    }

    /** A copy of an object a parameter may have brought, empty when it did not. */
    static JsonObject object(JsonObject params, String name) {
        JsonObject sent = params.getJsonObject(name);
        return sent == null ? new JsonObject() : sent.copy();
    }

    static JsonArray array(JsonObject params, String name) {
        JsonArray sent = params.getJsonArray(name);
        return sent == null ? new JsonArray() : sent.copy();
    }

    /** The earlier values of whatever differs: an event's {@code previous_attributes}. */
    static JsonObject changed(JsonObject before, JsonObject after) {
        JsonObject previous = new JsonObject();
        for (String name : after.fieldNames()) {
            Object old = before.getValue(name);
            Object now = after.getValue(name);
            if (old instanceof JsonObject was && now instanceof JsonObject is) {
                JsonObject inner = changed(was, is);
                was.fieldNames().stream()
                        .filter(gone -> !is.containsKey(gone))
                        .forEach(gone -> inner.put(gone, was.getValue(gone)));
                if (!inner.isEmpty()) {
                    previous.put(name, inner);
                }
            } else if (!Objects.equals(old, now)) {
                previous.put(name, old);
            }
        }
        return previous;
    }

    /** A search result's next page: opaque, as Stripe's is. */
    static String pageToken(int skipped) {
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(("skip " + skipped).getBytes(StandardCharsets.UTF_8));
    }

    static int page(String token) {
        try {
            String text = new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8);
            return Integer.parseInt(text.replaceFirst("^skip ", ""));
        } catch (IllegalArgumentException forged) {
            throw StripeError.parameter("Invalid page: " + token, "page");
        }
    }
}
