package io.checkoutgateway.http.admin;

import io.checkoutgateway.api.model.InboxEventCursorPage;
import io.checkoutgateway.events.EventLog;
import io.checkoutgateway.http.Call;
import io.checkoutgateway.http.Operation;
import io.checkoutgateway.http.PlainFilter;
import io.checkoutgateway.http.Reply;
import io.checkoutgateway.http.SequencePage;
import io.vertx.core.Future;
import java.util.Set;

/** {@code GET /api/v1/admin/events} */
public final class ListEvents implements Operation {
    private static final Set<String> FIELDS = Set.of("state", "type", "event_id");

    private final EventLog events;

    public ListEvents(EventLog events) {
        this.events = events;
    }

    @Override
    public String id() {
        return "list-events";
    }

    @Override
    public Future<Reply> handle(Call call) {
        SequencePage page = SequencePage.of(call.query());
        PlainFilter filter = PlainFilter.of(call.query(), FIELDS);
        EventLog.Query query = new EventLog.Query(
                filter.value("state"), filter.value("type"), filter.value("event_id"), page.after(), page.wanted());
        return events.list(call.namespace(), query)
                .map(entries -> page.reply(
                        entries, EventLog.Entry::row, EventResource::of, (data, meta) -> new InboxEventCursorPage()
                                .withData(data)
                                .withMeta(meta)));
    }
}
