package io.checkoutgateway.http.admin;

import io.checkoutgateway.failure.GatewayException;
import io.checkoutgateway.failure.Reason;
import io.checkoutgateway.followup.FollowUpLog;
import io.checkoutgateway.http.Call;
import io.checkoutgateway.http.Operation;
import io.checkoutgateway.http.Reply;
import io.vertx.core.Future;

/** {@code DELETE /api/v1/admin/follow-ups/{followUpId}} */
public final class DropFollowUp implements Operation {
    private static final String GIVEN_UP = "given_up";

    private final FollowUpLog followUps;

    public DropFollowUp(FollowUpLog followUps) {
        this.followUps = followUps;
    }

    @Override
    public String id() {
        return "drop-follow-up";
    }

    @Override
    public Future<Reply> handle(Call call) {
        return followUps
                .drop(call.actor(), FollowUpResource.idIn(call))
                .map(FollowUpResource::present)
                .map(DropFollowUp::dropped);
    }

    private static Reply dropped(FollowUpLog.Entry entry) {
        if (!entry.state().equals(GIVEN_UP)) {
            throw new GatewayException(
                    Reason.CONFLICT, "Only a follow-up that was given up can be dropped; this one is " + entry.state());
        }
        return Reply.noContent();
    }
}
