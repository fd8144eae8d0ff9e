package io.checkoutgateway.http.outgoing;

import io.checkoutgateway.api.model.WebhookEndpointCursorPage;
import io.checkoutgateway.http.Call;
import io.checkoutgateway.http.Operation;
import io.checkoutgateway.http.Reply;
import io.checkoutgateway.http.SequencePage;
import io.checkoutgateway.outgoing.WebhookEndpoint;
import io.checkoutgateway.outgoing.WebhookEndpoints;
import io.vertx.core.Future;

/** {@code GET /api/v1/webhook-endpoints} */
public final class ListWebhookEndpoints implements Operation {
    private final WebhookEndpoints endpoints;

    public ListWebhookEndpoints(WebhookEndpoints endpoints) {
        this.endpoints = endpoints;
    }

    @Override
    public String id() {
        return "list-webhook-endpoints";
    }

    @Override
    public Future<Reply> handle(Call call) {
        SequencePage page = SequencePage.of(call.query());
        return endpoints
                .list(call.namespace(), page.after(), page.wanted())
                .map(found -> page.reply(
                        found,
                        WebhookEndpoint::place,
                        EndpointResource::of,
                        (data, meta) ->
                                new WebhookEndpointCursorPage().withData(data).withMeta(meta)));
    }
}
