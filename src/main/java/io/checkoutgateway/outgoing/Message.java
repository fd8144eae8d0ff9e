package io.checkoutgateway.outgoing;

import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What an endpoint is told. (Standard Webhooks 1.0, "Payload structure".)
 *
 * @param id the same for every endpoint and every attempt, so that receivers notice repetitions; holds no full stop,
 *     which would let it reach into the other signed parts
 * @param publishedAt when it became known here
 */
public record Message(String id, String type, JsonObject data, Instant publishedAt) {
    private static final String OCCURRED_AT = "occurred_at";

    /** The body; the same text for each attempt. */
    String body() {
        return new JsonObject(content()).encode();
    }

    /** The contract's {@code WebhookMessage}. */
    public Map<String, Object> content() {
        Map<String, Object> content = new LinkedHashMap<>();
        content.put("type", type);
        content.put("timestamp", occurredAt());
        content.put("data", data.getMap());
        return content;
    }

    /** When it happened, which is not when it is told. */
    private String occurredAt() {
        return data.getValue(OCCURRED_AT) instanceof String told
                ? told
                : DateTimeFormatter.ISO_INSTANT.format(publishedAt);
    }
}
