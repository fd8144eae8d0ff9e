package io.checkoutgateway.events;

import io.checkoutgateway.failure.GatewayException;
import io.checkoutgateway.failure.Reason;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An event as Stripe wrote it, a snapshot or a thin one. (Stripe API reference, "The Event object", and API v2, "Events".)
 *
 * @param id {@code evt_…}
 * @param apiVersion the version that {@code data.object} is written in; {@code null} for very old endpoints
 * @param account the connected account that it is about, when it is not the platform's own
 * @param created whole seconds
 * @param objectId the id of the object that it is about; {@code null} when that has none or there is none
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

    /**
     * Reads the envelope.
     *
     * @throws GatewayException with {@link Reason#INVALID_REQUEST} when it has no id, type or time
     */
    public static StripeEvent of(Buffer body) {
        Envelope envelope;
        try {
            envelope = Envelope.of(body.getBytes());
        } catch (IOException e) {
            throw new GatewayException(Reason.INVALID_REQUEST, "The body is not a JSON object", e);
        }
        String id = envelope.id();
        String type = envelope.type();
        if (id == null || type == null || envelope.created() < 0) {
            throw new GatewayException(
                    Reason.INVALID_REQUEST, "The body is not a Stripe event with id, type and created");
        }
        return new StripeEvent(
                id,
                type,
                envelope.apiVersion(),
                envelope.account(),
                envelope.livemode(),
                Instant.ofEpochSecond(envelope.created()),
                envelope.objectId(),
                body);
    }

    /** The same event where it was listed in a connected account's name, which it need not repeat. */
    public StripeEvent listedFor(@Nullable String connectedAccount) {
        return account != null || connectedAccount == null
                ? this
                : new StripeEvent(id, type, apiVersion, connectedAccount, livemode, created, objectId, body);
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
