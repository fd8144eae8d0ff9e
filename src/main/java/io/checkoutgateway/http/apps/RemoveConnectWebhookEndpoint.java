package io.checkoutgateway.http.apps;

import io.checkoutgateway.apps.ConnectWebhookEndpoints;
import io.checkoutgateway.http.Call;
import io.checkoutgateway.http.Operation;
import io.checkoutgateway.http.Reply;
import io.vertx.core.Future;

/** {@code DELETE /api/v1/apps/{appId}/connect-webhook-endpoint} */
public final class RemoveConnectWebhookEndpoint implements Operation {
    private final ConnectWebhookEndpoints endpoints;

    public RemoveConnectWebhookEndpoint(ConnectWebhookEndpoints endpoints) {
        this.endpoints = endpoints;
    }

    @Override
    public String id() {
        return "remove-connect-webhook-endpoint";
    }

    @Override
    public Future<Reply> handle(Call call) {
        return endpoints.remove(call.actor(), call.path("appId")).map(removed -> Reply.noContent());
    }
}
