package io.checkoutgateway.testing;

import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Server-Sent Events, read line by line as the HTML standard says. (Section 9.2.6.) */
final class SentEvents {
    private String lastId = "";
    private String type = "";
    private final List<String> data = new ArrayList<>();

    /** An event that was dispatched. */
    record Event(String id, String type, JsonObject data) {}

    /** The events of a stream that has ended. */
    static List<Event> of(String text) {
        SentEvents parser = new SentEvents();
        return text.lines().map(parser::read).flatMap(Optional::stream).toList();
    }

    /** Takes one line; answers the event that it completes, if it does. */
    Optional<Event> read(String line) {
        if (line.isEmpty()) {
            return dispatch();
        }
        String[] field = line.split(":", 2);
        String value = field.length == 1 ? "" : field[1].replaceFirst("^ ", "");
        switch (field[0]) {
            case "id" -> lastId = value;
            case "event" -> type = value;
            case "data" -> data.add(value);
            default -> {
                // A comment, or the time to wait before coming again.
            }
        }
        return Optional.empty();
    }

    /** The id to come again with. */
    String lastId() {
        return lastId;
    }

    private Optional<Event> dispatch() {
        Optional<Event> event = data.isEmpty()
                ? Optional.empty()
                : Optional.of(new Event(lastId, type, new JsonObject(String.join("\n", data))));
        type = "";
        data.clear();
        return event;
    }
}
