package io.checkoutgateway.http.admin;

import io.checkoutgateway.http.Call;
import io.checkoutgateway.http.Operation;
import io.checkoutgateway.http.Reply;
import io.checkoutgateway.mirror.Mirror;
import io.checkoutgateway.mirror.MirrorRun;
import io.vertx.core.Future;

/** {@code GET /api/v1/admin/backfills/{runId}} */
public final class GetBackfill implements Operation {
    private final Mirror mirror;

    public GetBackfill(Mirror mirror) {
        this.mirror = mirror;
    }

    @Override
    public String id() {
        return "get-backfill";
    }

    @Override
    public Future<Reply> handle(Call call) {
        return mirror.get(call.namespace(), MirrorRun.Kind.BACKFILL, call.path("runId"))
                .map(BackfillResource::reply);
    }
}
