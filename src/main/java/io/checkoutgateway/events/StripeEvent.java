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
 * @param body the bytes that were signed
 */
public record StripeEvent(
        String id,
        String type,
        @Nullable String apiVersion,
        @Nullable String account,
        @Nullable Boolean livemode,
        Instant created,
        Buffer body) {

    /** Stripe promises ids of at most 255 characters; types are words with dots. */
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9_-]{1,255}");

    private static final Pattern TYPE = Pattern.compile("[a-z0-9_.]{1,255}");

    /** The year 9999: what Postgres can keep as a time. */
    private static final long SECONDS_MAX = 253_402_300_799L;

    /** Versions and accounts: what Postgres can keep as text. */
    private static final Pattern PRINTABLE = Pattern.compile("[\\x20-\\x7E]{1,255}");

    /**
     * Reads the envelope.
     *
     * @throws GatewayException with {@link Reason#INVALID_REQUEST} when it has no id, type or time
     */
    public static StripeEvent of(Buffer body) {
        JsonObject event;
        try {
            event = body.toJsonObject();
        } catch (DecodeException | ClassCastException e) {
            throw new GatewayException(Reason.INVALID_REQUEST, "The body is not a JSON object", e);
        }
        boolean whole = event.getValue("id") instanceof String id
                && ID.matcher(id).matches()
                && event.getValue("type") instanceof String type
                && TYPE.matcher(type).matches()
                && event.getValue("created") instanceof Number seconds
                && seconds.longValue() >= 0
                && seconds.longValue() <= SECONDS_MAX;
        if (!whole) {
            throw new GatewayException(
                    Reason.INVALID_REQUEST, "The body is not a Stripe event with id, type and created");
        }
        return new StripeEvent(
                event.getString("id"),
                event.getString("type"),
                text(event, "api_version"),
                text(event, "account"),
                event.getValue("livemode") instanceof Boolean livemode ? livemode : null,
                Instant.ofEpochSecond(event.getLong("created")),
                body);
    }

    private static @Nullable String text(JsonObject event, String name) {
        return event.getValue(name) instanceof String text
                        && PRINTABLE.matcher(text).matches()
                ? text
                : null;
    }

    /** The object that the event is about; {@code null} when it carries none. */
    public @Nullable JsonObject object() {
        return body.toJsonObject().getValue("data") instanceof JsonObject data
                        && data.getValue("object") instanceof JsonObject object
                ? object
                : null;
    }
}
