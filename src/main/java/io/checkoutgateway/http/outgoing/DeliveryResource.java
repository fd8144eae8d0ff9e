package io.checkoutgateway.http.outgoing;

import io.checkoutgateway.api.model.WebhookDelivery;
import io.checkoutgateway.http.Wire;
import io.checkoutgateway.outgoing.DeliveryLog.Delivery;

/** A delivery in the contract's words. */
final class DeliveryResource {
    private static final String PENDING = "pending";

    private DeliveryResource() {}

    static WebhookDelivery of(Delivery delivery) {
        return new WebhookDelivery()
                .withId(delivery.position())
                .withWebhookId(delivery.messageId())
                .withType(delivery.type())
                .withSessionId(delivery.sessionId())
                .withState(delivery.state())
                .withAttempts(delivery.attempts())
                .withCreatedAt(Wire.utc(delivery.createdAt()))
                .withNextAttemptAt(delivery.state().equals(PENDING) ? Wire.utc(delivery.nextAttemptAt()) : null)
                .withLastAttemptAt(Wire.utc(delivery.lastAttemptAt()))
                .withSettledAt(Wire.utc(delivery.settledAt()))
                .withLastStatus(delivery.lastStatus())
                .withLastError(delivery.lastError());
    }
}
