package io.checkoutgateway.http.outgoing;

import io.checkoutgateway.api.model.RecoverWebhookEndpointRequest;
import io.checkoutgateway.api.model.WebhookRecovery;
import io.checkoutgateway.failure.GatewayException;
import io.checkoutgateway.failure.InvalidParameter;
import io.checkoutgateway.http.Call;
import io.checkoutgateway.http.Operation;
import io.checkoutgateway.http.Reply;
import io.checkoutgateway.outgoing.DeliveryLog;
import io.checkoutgateway.outgoing.DeliveryLog.Recovered;
import io.vertx.core.Future;
import java.time.Instant;
import java.time.format.DateTimeParseException;

/** {@code POST /api/v1/webhook-endpoints/{endpointId}/recover} */
public final class RecoverWebhookEndpoint implements Operation {
    private final DeliveryLog deliveries;

    public RecoverWebhookEndpoint(DeliveryLog deliveries) {
        this.deliveries = deliveries;
    }

    @Override
    public String id() {
        return "recover-webhook-endpoint";
    }

    @Override
    public Future<Reply> handle(Call call) {
        RecoverWebhookEndpointRequest wish = call.body(RecoverWebhookEndpointRequest.class);
        return deliveries
                .recover(call.actor(), call.path("endpointId"), time(wish.getSince()), wish.getAfter())
                .map(recovered -> Reply.json(200, resource(recovered)));
    }

    /** The contract has checked the form; there is no 30th of February. */
    private static Instant time(String since) {
        try {
            return Instant.parse(since);
        } catch (DateTimeParseException e) {
            throw GatewayException.invalid(InvalidParameter.inBody("since", "format", "is not a time that exists"));
        }
    }

    private static WebhookRecovery resource(Recovered recovered) {
        return new WebhookRecovery().withQueued(recovered.queued()).withNext(recovered.next());
    }
}
