package io.checkoutgateway.http.outgoing;

import io.checkoutgateway.api.model.CreateWebhookEndpointRequest;
import io.checkoutgateway.http.Call;
import io.checkoutgateway.http.Operation;
import io.checkoutgateway.http.Reply;
import io.checkoutgateway.http.Wire;
import io.checkoutgateway.idempotency.StoredAnswer;
import io.checkoutgateway.outgoing.EndpointUrl;
import io.checkoutgateway.outgoing.NewWebhookEndpoint;
import io.checkoutgateway.outgoing.WebhookEndpoint;
import io.checkoutgateway.outgoing.WebhookEndpoints;
import io.checkoutgateway.settings.Secret;
import io.vertx.core.Future;
import java.util.List;
import java.util.Objects;

/** {@code POST /api/v1/webhook-endpoints} */
public final class CreateWebhookEndpoint implements Operation {
    private final WebhookEndpoints endpoints;

    public CreateWebhookEndpoint(WebhookEndpoints endpoints) {
        this.endpoints = endpoints;
    }

    @Override
    public String id() {
        return "create-webhook-endpoint";
    }

    @Override
    public Future<Reply> handle(Call call) {
        return Future.succeededFuture(call.body(CreateWebhookEndpointRequest.class))
                .map(CreateWebhookEndpoint::endpoint)
                .compose(endpoint ->
                        endpoints.create(call.actor(), endpoint, call.idempotencyKey(), CreateWebhookEndpoint::answer))
                .map(Reply::stored);
    }

    private static NewWebhookEndpoint endpoint(CreateWebhookEndpointRequest request) {
        return new NewWebhookEndpoint(
                EndpointUrl.of(request.getUrl()),
                request.getDescription(),
                EventTypes.words(Objects.requireNonNullElse(request.getEventTypes(), List.of())));
    }

    private static StoredAnswer answer(WebhookEndpoint endpoint, Secret secret) {
        return new StoredAnswer(
                201,
                Wire.JSON,
                Wire.encode(EndpointResource.of(endpoint, secret)),
                EndpointResource.ENDPOINTS + endpoint.id());
    }
}
