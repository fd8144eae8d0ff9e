package io.checkoutgateway.http.outgoing;

import io.checkoutgateway.failure.GatewayException;
import io.checkoutgateway.failure.Reason;
import io.checkoutgateway.http.Call;
import io.checkoutgateway.http.Operation;
import io.checkoutgateway.http.Reply;
import io.checkoutgateway.outgoing.DeliveryLog;
import io.vertx.core.Future;

/** {@code POST /api/v1/webhook-endpoints/{endpointId}/deliveries/{deliveryId}/redeliver} */
public final class RedeliverWebhookDelivery implements Operation {
    private final DeliveryLog deliveries;

    public RedeliverWebhookDelivery(DeliveryLog deliveries) {
        this.deliveries = deliveries;
    }

    @Override
    public String id() {
        return "redeliver-webhook-delivery";
    }

    @Override
    public Future<Reply> handle(Call call) {
        long position = Long.parseLong(call.path("deliveryId"));
        return deliveries
                .redeliver(call.actor(), call.path("endpointId"), position)
                .map(found -> found.map(delivery -> Reply.json(200, DeliveryResource.of(delivery)))
                        .orElseThrow(() ->
                                new GatewayException(Reason.NOT_FOUND, "The webhook endpoint has no such delivery")));
    }
}
