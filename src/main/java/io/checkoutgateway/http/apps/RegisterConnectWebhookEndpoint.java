package io.checkoutgateway.http.apps;

import io.checkoutgateway.apps.ConnectWebhookEndpoints;
import io.checkoutgateway.http.Call;
import io.checkoutgateway.http.Operation;
import io.checkoutgateway.http.Reply;
import io.checkoutgateway.idempotency.Answered;
import io.vertx.core.Future;

/** {@code PUT /api/v1/apps/{appId}/connect-webhook-endpoint} */
public final class RegisterConnectWebhookEndpoint implements Operation {
    private final ConnectWebhookEndpoints endpoints;

    public RegisterConnectWebhookEndpoint(ConnectWebhookEndpoints endpoints) {
        this.endpoints = endpoints;
    }

    @Override
    public String id() {
        return "register-connect-webhook-endpoint";
    }

    @Override
    public Future<Reply> handle(Call call) {
        return endpoints
                .register(call.actor(), call.path("appId"))
                .map(Answered::first)
                .map(Reply::stored);
    }
}
