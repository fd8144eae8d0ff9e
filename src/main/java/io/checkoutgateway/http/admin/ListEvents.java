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
    private static final Set<String> FIELDS =
            Set.of("state", "type", "app_id", "event_id", "object_id", "session_id", "from", "to");
    private static final String NEWEST_FIRST = "id desc";

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
        EventLog.Part part =
                new EventLog.Part(NEWEST_FIRST.equals(call.query().getValue("sort")), page.after(), page.size());
        return events.list(call.namespace(), wanted(filter), part)
                .map(found -> page.reply(found, EventResource::of, (data, meta) -> new InboxEventCursorPage()
                        .withData(data)
                        .withMeta(meta)));
    }

    private static EventLog.Filter wanted(PlainFilter filter) {
        return new EventLog.Filter(
                filter.value("state"),
                filter.value("type"),
                filter.value("app_id"),
                filter.value("event_id"),
                filter.value("object_id"),
                filter.value("session_id"),
                filter.moment("from"),
                filter.moment("to"));
    }
}
