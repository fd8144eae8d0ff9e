package io.checkoutgateway.http.admin;

import io.checkoutgateway.events.EventLog;
import io.checkoutgateway.http.Call;
import io.checkoutgateway.http.Operation;
import io.checkoutgateway.http.Reply;
import io.vertx.core.Future;

/** {@code POST /api/v1/admin/events/{eventId}/replay} */
public final class ReplayEvent implements Operation {
    private final EventLog events;

    public ReplayEvent(EventLog events) {
        this.events = events;
    }

    @Override
    public String id() {
        return "replay-event";
    }

    @Override
    public Future<Reply> handle(Call call) {
        return events.replay(call.actor(), EventResource.named(call)).map(EventResource::reply);
    }
}
