package io.checkoutgateway.http.admin;

import io.checkoutgateway.events.EventLog;
import io.checkoutgateway.http.Call;
import io.checkoutgateway.http.Operation;
import io.checkoutgateway.http.Reply;
import io.vertx.core.Future;

/** {@code POST /api/v1/admin/events/{eventId}/drop} */
public final class DropEvent implements Operation {
    private final EventLog events;

    public DropEvent(EventLog events) {
        this.events = events;
    }

    @Override
    public String id() {
        return "drop-event";
    }

    @Override
    public Future<Reply> handle(Call call) {
        return events.drop(call.actor(), EventResource.named(call)).map(EventResource::reply);
    }
}
