package io.checkoutgateway.http.admin;

import io.checkoutgateway.api.model.InboxEvent;
import io.checkoutgateway.api.model.InboxEventDetail;
import io.checkoutgateway.events.EventLog;
import io.checkoutgateway.failure.GatewayException;
import io.checkoutgateway.failure.Reason;
import io.checkoutgateway.http.Reply;
import io.checkoutgateway.http.Wire;
import java.util.Optional;

/** A stored event in the contract's words. */
public final class EventResource {
    private static final String PENDING = "pending";

    private EventResource() {}

    /** The event, or that there is none. */
    static Reply reply(Optional<EventLog.Detail> found) {
        return found.map(event -> Reply.json(200, detail(event)))
                .orElseThrow(() -> new GatewayException(Reason.NOT_FOUND, "No stored event has this id"));
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

    /** The event with what was delivered. */
    public static InboxEventDetail detail(EventLog.Detail stored) {
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
                .withHeaders(stored.headers())
                .withBody(stored.body().toJsonObject().getMap());
    }
}
