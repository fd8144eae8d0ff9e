package io.checkoutgateway.events;

import io.checkoutgateway.failure.GatewayException;
import io.checkoutgateway.failure.Reason;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An event as Stripe wrote it. (Stripe API reference, "The Event object".)
 *
 * @param id {@code evt_…}
 * @param apiVersion the version that {@code data.object} is written in; {@code null} for very old endpoints
 * @param account the connected account that it is about, when it is not the platform's own
 * @param created whole seconds
 * @param objectId the id of the object that it is about; {@code null} when that has none
 * @param body the bytes that were signed
 */
public record StripeEvent(
        String id,
        String type,
        @Nullable String apiVersion,
        @Nullable String account,
        @Nullable Boolean livemode,
        Instant created,
        @Nullable String objectId,
        Buffer body) {

    /** What Stripe's ids, types and versions are made of, and its promise for their length. */
    private static final Pattern WORD = Pattern.compile("[\\x21-\\x7e]{1,255}");

    /** The year 9999; what comes after is no time that anyone's clock shows. */
    private static final long CREATED_MAX = 253_402_300_799L;

    /**
     * Reads the envelope.
     *
     * @throws GatewayException with {@link Reason#INVALID_REQUEST} when it has no id, type or time
     */
    public static StripeEvent of(Buffer body) {
        JsonObject event;
        try {
            event = body.toJsonObject();
        } catch (DecodeException e) {
            throw new GatewayException(Reason.INVALID_REQUEST, "The body is not a JSON object", e);
        }
        boolean whole = word(event, "id") != null && word(event, "type") != null && isTime(event.getValue("created"));
        if (!whole) {
            throw new GatewayException(
                    Reason.INVALID_REQUEST, "The body is not a Stripe event with id, type and created");
        }
        return new StripeEvent(
                event.getString("id"),
                event.getString("type"),
                word(event, "api_version"),
                word(event, "account"),
                event.getValue("livemode") instanceof Boolean livemode ? livemode : null,
                Instant.ofEpochSecond(event.getLong("created")),
                objectIdOf(event),
                body);
    }

    private static @Nullable String objectIdOf(JsonObject event) {
        return event.getValue("data") instanceof JsonObject data && data.getValue("object") instanceof JsonObject object
                ? word(object, "id")
                : null;
    }

    private static boolean isTime(@Nullable Object value) {
        return value instanceof Number seconds && seconds.longValue() >= 0 && seconds.longValue() <= CREATED_MAX;
    }

    private static @Nullable String word(JsonObject event, String name) {
        return event.getValue(name) instanceof String text && WORD.matcher(text).matches() ? text : null;
    }

    /** The object that the event is about; {@code null} when it carries none. */
    public @Nullable JsonObject object() {
        return member("data", "object");
    }

    /** What the object's changed members were before; {@code null} for events that are no updates. */
    public @Nullable JsonObject previousAttributes() {
        return member("data", "previous_attributes");
    }

    /** Whether a request of ours with an idempotency key of this beginning caused it. */
    public boolean isEchoOf(String keyPrefix) {
        return body.toJsonObject().getValue("request") instanceof JsonObject request
                && request.getValue("idempotency_key") instanceof String key
                && key.startsWith(keyPrefix);
    }

    private @Nullable JsonObject member(String outer, String inner) {
        return body.toJsonObject().getValue(outer) instanceof JsonObject data
                        && data.getValue(inner) instanceof JsonObject object
                ? object
                : null;
    }
}
