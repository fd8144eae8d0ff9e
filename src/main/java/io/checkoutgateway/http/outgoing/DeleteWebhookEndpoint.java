package io.checkoutgateway.http.outgoing;

import io.checkoutgateway.http.Call;
import io.checkoutgateway.http.Operation;
import io.checkoutgateway.http.Reply;
import io.checkoutgateway.outgoing.WebhookEndpoints;
import io.vertx.core.Future;

/** {@code DELETE /api/v1/webhook-endpoints/{endpointId}} */
public final class DeleteWebhookEndpoint implements Operation {
    private final WebhookEndpoints endpoints;

    public DeleteWebhookEndpoint(WebhookEndpoints endpoints) {
        this.endpoints = endpoints;
    }

    @Override
    public String id() {
        return "delete-webhook-endpoint";
    }

    @Override
    public Future<Reply> handle(Call call) {
        return endpoints.remove(call.actor(), call.path("endpointId")).map(removed -> Reply.noContent());
    }
}
