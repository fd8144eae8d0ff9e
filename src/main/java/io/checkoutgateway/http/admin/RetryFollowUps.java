package io.checkoutgateway.http.admin;

import io.checkoutgateway.api.model.RetryFollowUpsRequest;
import io.checkoutgateway.followup.FollowUp;
import io.checkoutgateway.followup.FollowUpLog;
import io.checkoutgateway.http.Call;
import io.checkoutgateway.http.Operation;
import io.checkoutgateway.http.Reply;
import io.vertx.core.Future;

/** {@code POST /api/v1/admin/follow-ups/retry} */
public final class RetryFollowUps implements Operation {
    private final FollowUpLog followUps;

    public RetryFollowUps(FollowUpLog followUps) {
        this.followUps = followUps;
    }

    @Override
    public String id() {
        return "retry-follow-ups";
    }

    @Override
    public Future<Reply> handle(Call call) {
        RetryFollowUpsRequest request = call.body(RetryFollowUpsRequest.class);
        FollowUpLog.Filter filter = new FollowUpLog.Filter(
                request.getState().value(),
                request.getKind() == null
                        ? null
                        : FollowUp.Kind.of(request.getKind().value()).orElseThrow(),
                request.getAppId(),
                request.getSubject());
        boolean dryRun = Boolean.TRUE.equals(request.getDryRun());
        return followUps
                .retryAll(call.actor(), filter, RepeatedResource.after(request.getAfter()), dryRun)
                .map(repeated -> RepeatedResource.reply(repeated, dryRun));
    }
}
