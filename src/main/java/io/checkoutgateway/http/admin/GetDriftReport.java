package io.checkoutgateway.http.admin;

import io.checkoutgateway.http.Call;
import io.checkoutgateway.http.Operation;
import io.checkoutgateway.http.Reply;
import io.checkoutgateway.mirror.Mirror;
import io.checkoutgateway.mirror.MirrorRun;
import io.vertx.core.Future;

/** {@code GET /api/v1/admin/drift-reports/{runId}} */
public final class GetDriftReport implements Operation {
    private final Mirror mirror;

    public GetDriftReport(Mirror mirror) {
        this.mirror = mirror;
    }

    @Override
    public String id() {
        return "get-drift-report";
    }

    @Override
    public Future<Reply> handle(Call call) {
        return mirror.get(call.namespace(), MirrorRun.Kind.DRIFT_REPORT, call.path("runId"))
                .map(DriftReportResource::reply);
    }
}
