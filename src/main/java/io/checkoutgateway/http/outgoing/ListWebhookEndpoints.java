package io.checkoutgateway.http.outgoing;

import io.checkoutgateway.api.model.WebhookEndpointCursorPage;
import io.checkoutgateway.http.Call;
import io.checkoutgateway.http.Operation;
import io.checkoutgateway.http.Reply;
import io.checkoutgateway.http.SequencePage;
import io.checkoutgateway.outgoing.WebhookEndpoint;
import io.checkoutgateway.outgoing.WebhookEndpoints;
import io.vertx.core.Future;
import java.util.List;

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
        return endpoints.list(call.namespace(), page.after(), page.size() + 1).map(found -> reply(page, found));
    }

    private static Reply reply(SequencePage page, List<WebhookEndpoint> found) {
        return Reply.json(
                200,
                new WebhookEndpointCursorPage()
                        .withData(page.shown(found).stream()
                                .map(EndpointResource::of)
                                .toList())
                        .withMeta(page.meta(found, WebhookEndpoint::place)));
    }
}
