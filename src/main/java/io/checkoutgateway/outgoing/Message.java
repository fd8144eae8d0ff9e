package io.checkoutgateway.outgoing;

import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.time.format.DateTimeFormatter;

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
        return new JsonObject()
                .put("type", type)
                .put("timestamp", occurredAt())
                .put("data", data)
                .encode();
    }

    /** When it happened, which is not when it is told. */
    private String occurredAt() {
        return data.getValue(OCCURRED_AT) instanceof String told
                ? told
                : DateTimeFormatter.ISO_INSTANT.format(publishedAt);
    }
}
