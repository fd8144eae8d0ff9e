package io.checkoutgateway.http.admin;

import io.checkoutgateway.http.Call;
import io.checkoutgateway.http.Operation;
import io.checkoutgateway.http.Reply;
import io.checkoutgateway.mirror.Mirror;
import io.vertx.core.Future;

/** {@code POST /api/v1/admin/drift-reports/{runId}/repair} */
public final class RepairDriftReport implements Operation {
    private final Mirror mirror;

    public RepairDriftReport(Mirror mirror) {
        this.mirror = mirror;
    }

    @Override
    public String id() {
        return "repair-drift-report";
    }

    @Override
    public Future<Reply> handle(Call call) {
        return mirror.repair(call.actor(), call.path("runId")).map(DriftReportResource::reply);
    }
}
