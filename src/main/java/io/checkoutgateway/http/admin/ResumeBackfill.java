package io.checkoutgateway.http.admin;

import io.checkoutgateway.http.Call;
import io.checkoutgateway.http.Operation;
import io.checkoutgateway.http.Reply;
import io.checkoutgateway.mirror.Mirror;
import io.checkoutgateway.mirror.MirrorRun;
import io.vertx.core.Future;

/** {@code POST /api/v1/admin/backfills/{runId}/resume} */
public final class ResumeBackfill implements Operation {
    private final Mirror mirror;

    public ResumeBackfill(Mirror mirror) {
        this.mirror = mirror;
    }

    @Override
    public String id() {
        return "resume-backfill";
    }

    @Override
    public Future<Reply> handle(Call call) {
        return mirror.resume(call.actor(), MirrorRun.Kind.BACKFILL, call.path("runId"))
                .map(BackfillResource::reply);
    }
}
