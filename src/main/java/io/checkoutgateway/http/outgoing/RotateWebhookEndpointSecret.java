package io.checkoutgateway.http.outgoing;

import io.checkoutgateway.http.Call;
import io.checkoutgateway.http.Operation;
import io.checkoutgateway.http.Reply;
import io.checkoutgateway.http.Versions;
import io.checkoutgateway.outgoing.WebhookEndpoint;
import io.checkoutgateway.outgoing.WebhookEndpoints;
import io.vertx.core.Future;

/** {@code POST /api/v1/webhook-endpoints/{endpointId}/rotate-secret} */
public final class RotateWebhookEndpointSecret implements Operation {
    private final WebhookEndpoints endpoints;

    public RotateWebhookEndpointSecret(WebhookEndpoints endpoints) {
        this.endpoints = endpoints;
    }

    @Override
    public String id() {
        return "rotate-webhook-endpoint-secret";
    }

    @Override
    public Future<Reply> handle(Call call) {
        return endpoints
                .rotateSecret(call.actor(), call.path("endpointId"))
                .compose(endpoint -> withSecret(call, endpoint));
    }

    private Future<Reply> withSecret(Call call, WebhookEndpoint endpoint) {
        return endpoints.secretOf(call.namespace(), endpoint.id()).map(secret -> Reply.json(
                        200, EndpointResource.of(endpoint, secret.orElse(null)))
                .with(Versions.ETAG, Versions.tagOf(endpoint.version())));
    }
}
