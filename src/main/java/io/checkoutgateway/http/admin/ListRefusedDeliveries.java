package io.checkoutgateway.http.admin;

import io.checkoutgateway.api.model.RefusedDeliveriesCursorPage;
import io.checkoutgateway.events.RefusalLog;
import io.checkoutgateway.http.Call;
import io.checkoutgateway.http.Operation;
import io.checkoutgateway.http.Reply;
import io.checkoutgateway.http.SequencePage;
import io.vertx.core.Future;

/** {@code GET /api/v1/admin/refused-deliveries} */
public final class ListRefusedDeliveries implements Operation {
    private final RefusalLog refusals;

    public ListRefusedDeliveries(RefusalLog refusals) {
        this.refusals = refusals;
    }

    @Override
    public String id() {
        return "list-refused-deliveries";
    }

    @Override
    public Future<Reply> handle(Call call) {
        SequencePage page = SequencePage.of(call.query());
        return refusals.list(call.namespace(), page.after(), page.wanted())
                .map(entries -> page.reply(
                        entries,
                        RefusalLog.Entry::number,
                        RefusedDeliveriesResource::of,
                        (data, meta) ->
                                new RefusedDeliveriesCursorPage().withData(data).withMeta(meta)));
    }
}
