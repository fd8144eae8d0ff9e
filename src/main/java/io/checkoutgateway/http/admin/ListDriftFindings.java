package io.checkoutgateway.http.admin;

import io.checkoutgateway.api.model.DriftFindingCursorPage;
import io.checkoutgateway.http.Call;
import io.checkoutgateway.http.Operation;
import io.checkoutgateway.http.Reply;
import io.checkoutgateway.http.SequencePage;
import io.checkoutgateway.mirror.Finding;
import io.checkoutgateway.mirror.Mirror;
import io.vertx.core.Future;

/** {@code GET /api/v1/admin/drift-reports/{runId}/findings} */
public final class ListDriftFindings implements Operation {
    private final Mirror mirror;

    public ListDriftFindings(Mirror mirror) {
        this.mirror = mirror;
    }

    @Override
    public String id() {
        return "list-drift-findings";
    }

    @Override
    public Future<Reply> handle(Call call) {
        SequencePage page = SequencePage.of(call.query());
        return mirror.findings(call.namespace(), call.path("runId"), page.after(), page.wanted())
                .map(findings -> page.reply(
                        findings,
                        Finding::number,
                        DriftReportResource::finding,
                        (data, meta) ->
                                new DriftFindingCursorPage().withData(data).withMeta(meta)));
    }
}
