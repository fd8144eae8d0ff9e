package io.checkoutgateway.http.admin;

import io.checkoutgateway.followup.FollowUpLog;
import io.checkoutgateway.http.Call;
import io.checkoutgateway.http.Operation;
import io.checkoutgateway.http.Reply;
import io.vertx.core.Future;

/** {@code POST /api/v1/admin/follow-ups/{followUpId}/retry} */
public final class RetryFollowUp implements Operation {
    private final FollowUpLog followUps;

    public RetryFollowUp(FollowUpLog followUps) {
        this.followUps = followUps;
    }

    @Override
    public String id() {
        return "retry-follow-up";
    }

    @Override
    public Future<Reply> handle(Call call) {
        return followUps.retry(call.actor(), FollowUpResource.idIn(call)).map(FollowUpResource::reply);
    }
}
