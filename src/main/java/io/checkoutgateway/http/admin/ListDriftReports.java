package io.checkoutgateway.http.admin;

import io.checkoutgateway.api.model.DriftReportCursorPage;
import io.checkoutgateway.http.Call;
import io.checkoutgateway.http.Operation;
import io.checkoutgateway.http.Reply;
import io.checkoutgateway.http.SequencePage;
import io.checkoutgateway.mirror.Mirror;
import io.checkoutgateway.mirror.MirrorRun;
import io.vertx.core.Future;

/** {@code GET /api/v1/admin/drift-reports} */
public final class ListDriftReports implements Operation {
    private final Mirror mirror;

    public ListDriftReports(Mirror mirror) {
        this.mirror = mirror;
    }

    @Override
    public String id() {
        return "list-drift-reports";
    }

    @Override
    public Future<Reply> handle(Call call) {
        SequencePage page = SequencePage.of(call.query());
        return mirror.list(call.namespace(), MirrorRun.Kind.DRIFT_REPORT, page.after(), page.wanted())
                .map(runs -> page.reply(
                        runs, MirrorRun::number, DriftReportResource::of, (data, meta) -> new DriftReportCursorPage()
                                .withData(data)
                                .withMeta(meta)));
    }
}
