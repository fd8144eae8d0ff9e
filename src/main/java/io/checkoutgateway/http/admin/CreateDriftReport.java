package io.checkoutgateway.http.admin;

import io.checkoutgateway.api.model.CreateDriftReportRequest;
import io.checkoutgateway.http.Call;
import io.checkoutgateway.http.Operation;
import io.checkoutgateway.http.Reply;
import io.checkoutgateway.mirror.Mirror;
import io.vertx.core.Future;

/** {@code POST /api/v1/admin/drift-reports} */
public final class CreateDriftReport implements Operation {
    private final Mirror mirror;

    public CreateDriftReport(Mirror mirror) {
        this.mirror = mirror;
    }

    @Override
    public String id() {
        return "create-drift-report";
    }

    @Override
    public Future<Reply> handle(Call call) {
        return mirror.start(
                        call.actor(),
                        DriftReportResource.wish(call.body(CreateDriftReportRequest.class)),
                        call.idempotencyKey(),
                        DriftReportResource::answer)
                .map(Reply::stored);
    }
}
