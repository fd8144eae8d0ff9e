package io.checkoutgateway.http.admin;

import io.checkoutgateway.api.model.InboxEvent;
import io.checkoutgateway.api.model.InboxEventDetail;
import io.checkoutgateway.events.EventLog;
import io.checkoutgateway.failure.GatewayException;
import io.checkoutgateway.failure.Reason;
import io.checkoutgateway.http.Call;
import io.checkoutgateway.http.Reply;
import io.checkoutgateway.http.Wire;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;

/** A stored event in the contract's words. */
public final class EventResource {
    private static final String PENDING = "pending";

    private EventResource() {}

    /** The event, or that there is none. */
    static Reply reply(Optional<EventLog.Detail> found) {
        return found.map(event -> new Reply(200, Wire.JSON, json(event), Map.of()))
                .orElseThrow(() -> new GatewayException(Reason.NOT_FOUND, "No stored event has this id"));
    }

    /** The event that a call names. */
    static EventLog.Which named(Call call) {
        return new EventLog.Which(call.path("eventId"), call.query().getString("app_id"));
    }

    /** The event without its body. */
    public static InboxEvent of(EventLog.Entry entry) {
        return new InboxEvent()
                .withId(entry.row())
                .withEventId(entry.eventId())
                .withAppId(entry.appId())
                .withType(entry.type())
                .withApiVersion(entry.apiVersion())
                .withAccount(entry.account())
                .withObjectId(entry.objectId())
                .withLivemode(entry.livemode())
                .withCreatedAt(Wire.utc(entry.created()))
                .withReceivedAt(Wire.utc(entry.receivedAt()))
                .withOrigin(entry.origin().word())
                .withState(entry.state())
                .withAttempts(entry.attempts())
                .withNextAttemptAt(entry.state().equals(PENDING) ? Wire.utc(entry.nextAttemptAt()) : null)
                .withSettledAt(entry.state().equals(PENDING) ? null : Wire.utc(entry.settledAt()))
                .withOutcome(entry.outcome());
    }

    /**
     * The event with what was delivered: the body's text as it came, so that its numbers are written as Stripe wrote them,
     * and it may be nested however deep.
     */
    public static Buffer json(EventLog.Detail stored) {
        Buffer event = Wire.encode(detail(stored));
        String body = stored.body().toString(StandardCharsets.UTF_8);
        return event.getBuffer(0, event.length() - 1)
                .appendString(",\"body\":")
                .appendString(body.substring(body.indexOf('{')).strip())
                .appendString("}");
    }

    private static InboxEventDetail detail(EventLog.Detail stored) {
        InboxEvent event = of(stored.entry());
        return new InboxEventDetail()
                .withId(event.getId())
                .withEventId(event.getEventId())
                .withAppId(event.getAppId())
                .withType(event.getType())
                .withApiVersion(event.getApiVersion())
                .withAccount(event.getAccount())
                .withObjectId(event.getObjectId())
                .withLivemode(event.getLivemode())
                .withCreatedAt(event.getCreatedAt())
                .withReceivedAt(event.getReceivedAt())
                .withOrigin(event.getOrigin())
                .withState(event.getState())
                .withAttempts(event.getAttempts())
                .withNextAttemptAt(event.getNextAttemptAt())
                .withSettledAt(event.getSettledAt())
                .withOutcome(event.getOutcome())
                .withHeaders(stored.headers());
    }
}
