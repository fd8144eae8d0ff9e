package io.checkoutgateway.http.outgoing;

import io.checkoutgateway.api.model.UpdateWebhookEndpointRequest;
import io.checkoutgateway.api.model.WebhookEventType;
import io.checkoutgateway.http.Call;
import io.checkoutgateway.http.Operation;
import io.checkoutgateway.http.Reply;
import io.checkoutgateway.http.Versions;
import io.checkoutgateway.outgoing.EndpointChange;
import io.checkoutgateway.outgoing.EndpointUrl;
import io.checkoutgateway.outgoing.WebhookEndpoints;
import io.vertx.core.Future;
import java.util.List;

/** {@code PATCH /api/v1/webhook-endpoints/{endpointId}} */
public final class UpdateWebhookEndpoint implements Operation {
    private final WebhookEndpoints endpoints;

    public UpdateWebhookEndpoint(WebhookEndpoints endpoints) {
        this.endpoints = endpoints;
    }

    @Override
    public String id() {
        return "update-webhook-endpoint";
    }

    @Override
    public Future<Reply> handle(Call call) {
        return Future.succeededFuture(call)
                .map(UpdateWebhookEndpoint::change)
                .compose(change -> endpoints.change(call.actor(), call.path("endpointId"), change))
                .map(EndpointResource::reply);
    }

    private static EndpointChange change(Call call) {
        UpdateWebhookEndpointRequest request = call.body(UpdateWebhookEndpointRequest.class);
        List<WebhookEventType> types = request.getEventTypes();
        return new EndpointChange(
                request.getUrl() == null ? null : EndpointUrl.of(request.getUrl()),
                request.getDescription(),
                types == null ? null : EventTypes.words(types),
                request.getEnabled(),
                Versions.wantedBy(call));
    }
}
