package io.checkoutgateway.http.admin;

import io.checkoutgateway.api.model.RefusedDeliveries;
import io.checkoutgateway.api.model.RefusedDeliveriesCursorPage;
import io.checkoutgateway.events.RefusalLog;
import io.checkoutgateway.http.Call;
import io.checkoutgateway.http.Operation;
import io.checkoutgateway.http.Reply;
import io.checkoutgateway.http.SequencePage;
import io.checkoutgateway.http.Wire;
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
                        ListRefusedDeliveries::resource,
                        (data, meta) ->
                                new RefusedDeliveriesCursorPage().withData(data).withMeta(meta)));
    }

    private static RefusedDeliveries resource(RefusalLog.Entry entry) {
        return new RefusedDeliveries()
                .withAppId(entry.refused().appId())
                .withReason(entry.refused().reason())
                .withCount(entry.refused().count())
                .withFirstAt(Wire.utc(entry.firstAt()))
                .withLastAt(Wire.utc(entry.lastAt()))
                .withLastAddress(entry.refused().lastAddress());
    }
}
