package io.checkoutgateway.http.apps;

import io.checkoutgateway.apps.ConnectWebhookEndpoints;
import io.checkoutgateway.http.Call;
import io.checkoutgateway.http.Operation;
import io.checkoutgateway.http.Reply;
import io.vertx.core.Future;

/** {@code POST /api/v1/apps/{appId}/rotate-connect-webhook-secret} */
public final class RotateConnectWebhookSecret implements Operation {
    private final ConnectWebhookEndpoints endpoints;

    public RotateConnectWebhookSecret(ConnectWebhookEndpoints endpoints) {
        this.endpoints = endpoints;
    }

    @Override
    public String id() {
        return "rotate-connect-webhook-secret";
    }

    @Override
    public Future<Reply> handle(Call call) {
        return endpoints
                .rotateSecret(
                        call.actor(), call.path("appId"), RotateAppWebhookSecret.overlap(call), call.idempotencyKey())
                .map(Reply::stored);
    }
}
