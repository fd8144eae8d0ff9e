package io.checkoutgateway.http.outgoing;

import io.checkoutgateway.api.model.WebhookDeliveryCursorPage;
import io.checkoutgateway.http.Call;
import io.checkoutgateway.http.Operation;
import io.checkoutgateway.http.PlainFilter;
import io.checkoutgateway.http.Reply;
import io.checkoutgateway.http.SequencePage;
import io.checkoutgateway.outgoing.DeliveryLog;
import io.checkoutgateway.outgoing.DeliveryLog.Delivery;
import io.vertx.core.Future;
import java.util.Set;

/** {@code GET /api/v1/webhook-endpoints/{endpointId}/deliveries} */
public final class ListWebhookDeliveries implements Operation {
    private static final Set<String> FIELDS = Set.of("state");

    private final DeliveryLog deliveries;

    public ListWebhookDeliveries(DeliveryLog deliveries) {
        this.deliveries = deliveries;
    }

    @Override
    public String id() {
        return "list-webhook-deliveries";
    }

    @Override
    public Future<Reply> handle(Call call) {
        SequencePage page = SequencePage.of(call.query());
        String state = PlainFilter.of(call.query(), FIELDS).value("state");
        return deliveries
                .list(call.namespace(), call.path("endpointId"), state, page.after(), page.wanted())
                .map(found -> page.reply(
                        found, Delivery::position, DeliveryResource::of, (data, meta) -> new WebhookDeliveryCursorPage()
                                .withData(data)
                                .withMeta(meta)));
    }
}
