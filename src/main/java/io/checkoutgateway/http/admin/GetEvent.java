package io.checkoutgateway.http.admin;

import io.checkoutgateway.events.EventLog;
import io.checkoutgateway.http.Call;
import io.checkoutgateway.http.Operation;
import io.checkoutgateway.http.Reply;
import io.vertx.core.Future;

/** {@code GET /api/v1/admin/events/{eventId}} */
public final class GetEvent implements Operation {
    private final EventLog events;

    public GetEvent(EventLog events) {
        this.events = events;
    }

    @Override
    public String id() {
        return "get-event";
    }

    @Override
    public Future<Reply> handle(Call call) {
        return events.find(call.namespace(), EventResource.named(call)).map(EventResource::reply);
    }
}
