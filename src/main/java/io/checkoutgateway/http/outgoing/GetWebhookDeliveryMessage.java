package io.checkoutgateway.http.outgoing;

import io.checkoutgateway.failure.GatewayException;
import io.checkoutgateway.failure.Reason;
import io.checkoutgateway.http.Call;
import io.checkoutgateway.http.Operation;
import io.checkoutgateway.http.Reply;
import io.checkoutgateway.outgoing.DeliveryLog;
import io.vertx.core.Future;

/** {@code GET /api/v1/webhook-endpoints/{endpointId}/deliveries/{deliveryId}/message} */
public final class GetWebhookDeliveryMessage implements Operation {
    private final DeliveryLog deliveries;

    public GetWebhookDeliveryMessage(DeliveryLog deliveries) {
        this.deliveries = deliveries;
    }

    @Override
    public String id() {
        return "get-webhook-delivery-message";
    }

    @Override
    public Future<Reply> handle(Call call) {
        long position = Long.parseLong(call.path("deliveryId"));
        return deliveries
                .message(call.namespace(), call.path("endpointId"), position)
                .map(found -> found.map(message -> Reply.json(200, message.content()))
                        .orElseThrow(() ->
                                new GatewayException(Reason.NOT_FOUND, "The webhook endpoint has no such delivery")));
    }
}
