package io.checkoutgateway.http.apps;

import io.checkoutgateway.apps.ConnectWebhookEndpoints;
import io.checkoutgateway.http.Call;
import io.checkoutgateway.http.Operation;
import io.checkoutgateway.http.Reply;
import io.vertx.core.Future;

/** {@code GET /api/v1/apps/{appId}/connect-webhook-endpoint} */
public final class GetConnectWebhookEndpoint implements Operation {
    private final ConnectWebhookEndpoints endpoints;

    public GetConnectWebhookEndpoint(ConnectWebhookEndpoints endpoints) {
        this.endpoints = endpoints;
    }

    @Override
    public String id() {
        return "get-connect-webhook-endpoint";
    }

    @Override
    public Future<Reply> handle(Call call) {
        return endpoints.get(call.namespace(), call.path("appId")).map(ConnectWebhookEndpointResource::reply);
    }
}
