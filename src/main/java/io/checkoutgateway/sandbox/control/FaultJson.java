package io.checkoutgateway.sandbox.control;

import io.checkoutgateway.sandbox.faults.Effect;
import io.checkoutgateway.sandbox.faults.Fault;
import io.vertx.core.json.JsonObject;
import java.time.Duration;

/** Reads and writes faults as JSON. */
final class FaultJson {
    private FaultJson() {}

    /** The effect of that name; some need {@code millis}, {@code reason} or {@code status}. */
    static Effect effect(JsonObject json) {
        String name = json.getString("effect", "");
        return switch (name) {
            case "delay_before" -> Effect.delayBefore(time(json));
            case "delay_after" -> Effect.delayAfter(time(json));
            case "hold_before" -> Effect.holdBefore();
            case "hold_after" -> Effect.holdAfter();
            case "drop_before" -> Effect.dropBefore();
            case "drop_after" -> Effect.dropAfter();
            case "rate_limited" -> Effect.rateLimited(json.getString("reason", "endpoint-rate"));
            case "lock_timeout" -> Effect.lockTimeout();
            case "server_error" -> Effect.serverError();
            case "unavailable" -> Effect.unavailable();
            case "status" -> Effect.status(json.getInteger("status", 500));
            case "empty_body" -> Effect.emptyBody();
            case "malformed_body" -> Effect.malformedBody();
            default ->
                throw new IllegalArgumentException(
                        "effect must be delay_before, delay_after, hold_before, hold_after, drop_before, drop_after, "
                                + "rate_limited, lock_timeout, server_error, unavailable, status, empty_body or "
                                + "malformed_body, was " + name);
        };
    }

    static JsonObject toJson(Fault fault) {
        return new JsonObject()
                .put("id", fault.id())
                .put("method", fault.method())
                .put("path", fault.path())
                .put("effect", fault.effect().toString())
                .put("remaining", fault.remaining())
                .put("hits", fault.hits());
    }

    private static Duration time(JsonObject json) {
        return Duration.ofMillis(json.getLong("millis", 1_000L));
    }
}
