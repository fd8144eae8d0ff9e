package io.checkoutgateway.http.admin;

import io.checkoutgateway.followup.FollowUpLog;
import io.checkoutgateway.http.Call;
import io.checkoutgateway.http.Operation;
import io.checkoutgateway.http.Reply;
import io.vertx.core.Future;

/** {@code GET /api/v1/admin/follow-ups/{followUpId}} */
public final class GetFollowUp implements Operation {
    private final FollowUpLog followUps;

    public GetFollowUp(FollowUpLog followUps) {
        this.followUps = followUps;
    }

    @Override
    public String id() {
        return "get-follow-up";
    }

    @Override
    public Future<Reply> handle(Call call) {
        return followUps.find(call.namespace(), FollowUpResource.idIn(call)).map(FollowUpResource::reply);
    }
}
