package io.checkoutgateway.http.admin;

import io.checkoutgateway.http.Call;
import io.checkoutgateway.http.Operation;
import io.checkoutgateway.http.Reply;
import io.checkoutgateway.mirror.Mirror;
import io.checkoutgateway.mirror.MirrorRun;
import io.vertx.core.Future;

/** {@code POST /api/v1/admin/drift-reports/{runId}/cancel} */
public final class CancelDriftReport implements Operation {
    private final Mirror mirror;

    public CancelDriftReport(Mirror mirror) {
        this.mirror = mirror;
    }

    @Override
    public String id() {
        return "cancel-drift-report";
    }

    @Override
    public Future<Reply> handle(Call call) {
        return mirror.cancel(call.actor(), MirrorRun.Kind.DRIFT_REPORT, call.path("runId"))
                .map(DriftReportResource::reply);
    }
}
