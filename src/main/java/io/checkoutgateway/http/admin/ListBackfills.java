package io.checkoutgateway.http.admin;

import io.checkoutgateway.api.model.BackfillCursorPage;
import io.checkoutgateway.http.Call;
import io.checkoutgateway.http.Operation;
import io.checkoutgateway.http.Reply;
import io.checkoutgateway.http.SequencePage;
import io.checkoutgateway.mirror.Mirror;
import io.checkoutgateway.mirror.MirrorRun;
import io.vertx.core.Future;

/** {@code GET /api/v1/admin/backfills} */
public final class ListBackfills implements Operation {
    private final Mirror mirror;

    public ListBackfills(Mirror mirror) {
        this.mirror = mirror;
    }

    @Override
    public String id() {
        return "list-backfills";
    }

    @Override
    public Future<Reply> handle(Call call) {
        SequencePage page = SequencePage.of(call.query());
        return mirror.list(call.namespace(), MirrorRun.Kind.BACKFILL, page.after(), page.wanted())
                .map(runs -> page.reply(
                        runs, MirrorRun::number, BackfillResource::of, (data, meta) -> new BackfillCursorPage()
                                .withData(data)
                                .withMeta(meta)));
    }
}
