package io.checkoutgateway.http.admin;

import io.checkoutgateway.api.model.InboxEvent;
import io.checkoutgateway.api.model.InboxEventDetail;
import io.checkoutgateway.events.EventLog;
import io.checkoutgateway.events.StripeEvent;
import io.checkoutgateway.failure.GatewayException;
import io.checkoutgateway.failure.Reason;
import io.checkoutgateway.http.Reply;
import io.checkoutgateway.http.Wire;
import java.util.Optional;

/** A stored event in the contract's words. */
final class EventResource {
    private static final String PENDING = "pending";

    private EventResource() {}

    /** The event, or that there is none. */
    static Reply reply(Optional<EventLog.Entry> found) {
        return found.map(entry -> Reply.json(200, detail(entry)))
                .orElseThrow(() -> new GatewayException(Reason.NOT_FOUND, "No stored event has this id"));
    }

    static InboxEvent of(EventLog.Entry entry) {
        StripeEvent event = entry.event();
        return new InboxEvent()
                .withId(entry.row())
                .withEventId(event.id())
                .withAppId(entry.appId())
                .withType(event.type())
                .withApiVersion(event.apiVersion())
                .withAccount(event.account())
                .withObjectId(event.objectId())
                .withLivemode(event.livemode())
                .withCreatedAt(Wire.utc(event.created()))
                .withReceivedAt(Wire.utc(entry.receivedAt()))
                .withOrigin(entry.delivery().origin().word())
                .withState(entry.state())
                .withAttempts(entry.attempts())
                .withNextAttemptAt(entry.state().equals(PENDING) ? Wire.utc(entry.nextAttemptAt()) : null)
                .withSettledAt(entry.state().equals(PENDING) ? null : Wire.utc(entry.settledAt()))
                .withOutcome(entry.outcome());
    }

    private static InboxEventDetail detail(EventLog.Entry entry) {
        InboxEvent event = of(entry);
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
                .withHeaders(entry.delivery().headers())
                .withBody(entry.event().body().toJsonObject().getMap());
    }
}
