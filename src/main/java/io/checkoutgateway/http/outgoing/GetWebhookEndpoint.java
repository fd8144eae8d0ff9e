package io.checkoutgateway.http.outgoing;

import io.checkoutgateway.http.Call;
import io.checkoutgateway.http.Operation;
import io.checkoutgateway.http.Reply;
import io.checkoutgateway.outgoing.WebhookEndpoints;
import io.vertx.core.Future;

/** {@code GET /api/v1/webhook-endpoints/{endpointId}} */
public final class GetWebhookEndpoint implements Operation {
    private final WebhookEndpoints endpoints;

    public GetWebhookEndpoint(WebhookEndpoints endpoints) {
        this.endpoints = endpoints;
    }

    @Override
    public String id() {
        return "get-webhook-endpoint";
    }

    @Override
    public Future<Reply> handle(Call call) {
        return endpoints.get(call.namespace(), call.path("endpointId")).map(EndpointResource::reply);
    }
}
