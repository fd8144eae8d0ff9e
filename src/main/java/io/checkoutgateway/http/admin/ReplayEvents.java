package io.checkoutgateway.http.admin;

import io.checkoutgateway.api.model.ReplayEventsRequest;
import io.checkoutgateway.events.EventLog;
import io.checkoutgateway.failure.GatewayException;
import io.checkoutgateway.failure.InvalidParameter;
import io.checkoutgateway.http.Call;
import io.checkoutgateway.http.Operation;
import io.checkoutgateway.http.Reply;
import io.vertx.core.Future;

/** {@code POST /api/v1/admin/events/replay} */
public final class ReplayEvents implements Operation {
    private final EventLog events;

    public ReplayEvents(EventLog events) {
        this.events = events;
    }

    @Override
    public String id() {
        return "replay-events";
    }

    @Override
    public Future<Reply> handle(Call call) {
        ReplayEventsRequest request = call.body(ReplayEventsRequest.class);
        EventLog.Filter filter = new EventLog.Filter(
                request.getState().value(),
                request.getType(),
                request.getAppId(),
                null,
                request.getObjectId(),
                request.getSessionId(),
                BackfillResource.time("from", request.getFrom()),
                BackfillResource.time("to", request.getTo()));
        boolean dryRun = Boolean.TRUE.equals(request.getDryRun());
        if (filter.isNearlyAll() && !dryRun && !Boolean.TRUE.equals(request.getAll())) {
            throw GatewayException.invalid(InvalidParameter.inBody(
                    "all", "required", "must be true to replay events of this state without a further condition"));
        }
        return events.replayAll(call.actor(), filter, RepeatedResource.after(request.getAfter()), dryRun)
                .map(repeated -> RepeatedResource.reply(repeated, dryRun));
    }
}
