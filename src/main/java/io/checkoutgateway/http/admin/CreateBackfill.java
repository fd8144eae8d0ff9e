package io.checkoutgateway.http.admin;

import io.checkoutgateway.api.model.CreateBackfillRequest;
import io.checkoutgateway.http.Call;
import io.checkoutgateway.http.Operation;
import io.checkoutgateway.http.Reply;
import io.checkoutgateway.mirror.Mirror;
import io.vertx.core.Future;

/** {@code POST /api/v1/admin/backfills} */
public final class CreateBackfill implements Operation {
    private final Mirror mirror;

    public CreateBackfill(Mirror mirror) {
        this.mirror = mirror;
    }

    @Override
    public String id() {
        return "create-backfill";
    }

    @Override
    public Future<Reply> handle(Call call) {
        return mirror.start(
                        call.actor(),
                        BackfillResource.wish(call.body(CreateBackfillRequest.class)),
                        call.idempotencyKey(),
                        BackfillResource::answer)
                .map(Reply::stored);
    }
}
