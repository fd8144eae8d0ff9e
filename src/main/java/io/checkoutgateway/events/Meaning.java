package io.checkoutgateway.events;

import io.checkoutgateway.checkout.Observation;
import io.checkoutgateway.checkout.ReservedMetadata;
import io.checkoutgateway.checkout.SetupIntent;
import io.checkoutgateway.checkout.StripeSession;
import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/**
 * What an event says about a session. A pure function of the event.
 *
 * @param observation {@code null} when the event is of no interest
 * @param gatewaySessionId our ULID, where the object carries it
 * @param reasonIgnored why it is of no interest
 */
public record Meaning(
        @Nullable Observation observation, @Nullable String gatewaySessionId, @Nullable String reasonIgnored) {
    private static final String SESSION_EVENTS = "checkout.session.";
    private static final String SETUP_INTENT_EVENTS = "setup_intent.";

    /**
     * Reads an event.
     *
     * @throws IllegalArgumentException when an event of a known kind does not carry the object that it should
     */
    public static Meaning of(StripeEvent event) {
        JsonObject object = event.object();
        if (event.type().startsWith(SESSION_EVENTS)) {
            StripeSession session = StripeSession.of(carried(event, object));
            return new Meaning(seen(event, session, null), gatewaySessionIdOf(object), null);
        }
        if (event.type().startsWith(SETUP_INTENT_EVENTS)) {
            SetupIntent intent = SetupIntent.of(carried(event, object));
            return new Meaning(seen(event, null, intent), gatewaySessionIdOf(object), null);
        }
        return ignored("events of this type change no session");
    }

    static Meaning ignored(String reason) {
        return new Meaning(null, null, reason);
    }

    private static Observation seen(StripeEvent event, @Nullable StripeSession session, @Nullable SetupIntent intent) {
        return new Observation(session, intent, event.created(), Observation.Source.EVENT, event.id(), event.type());
    }

    private static JsonObject carried(StripeEvent event, @Nullable JsonObject object) {
        if (object == null) {
            throw new IllegalArgumentException("An event of type " + event.type() + " carries no object");
        }
        return object;
    }

    private static @Nullable String gatewaySessionIdOf(@Nullable JsonObject object) {
        return object != null
                        && object.getValue("metadata") instanceof JsonObject metadata
                        && metadata.getValue(ReservedMetadata.SESSION_ID) instanceof String id
                ? id
                : null;
    }
}
