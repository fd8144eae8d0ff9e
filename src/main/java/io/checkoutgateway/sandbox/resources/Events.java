package io.checkoutgateway.sandbox.resources;

import static io.checkoutgateway.sandbox.wire.Shapes.flag;
import static io.checkoutgateway.sandbox.wire.Shapes.list;
import static io.checkoutgateway.sandbox.wire.Shapes.text;

import io.checkoutgateway.sandbox.events.Deliveries;
import io.checkoutgateway.sandbox.http.Call;
import io.checkoutgateway.sandbox.http.Lists;
import io.checkoutgateway.sandbox.http.Route;
import io.checkoutgateway.sandbox.wire.Fields;
import io.checkoutgateway.sandbox.wire.StripeError;
import io.checkoutgateway.sandbox.world.Kind;
import io.checkoutgateway.sandbox.world.World;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** {@code /v1/events}: what happened in the last 30 days, and whether everybody heard. */
public final class Events {
    private static final String URL = "/v1/events";
    private static final int MAX_TYPES = 20;
    private static final Duration SHOWN = Duration.ofDays(30);

    private static final Fields LIST = Lists.DATED
            .optional("delivery_success", flag())
            .optional("type", text())
            .optional("types", list(text(), MAX_TYPES));

    private final World world;
    private final Deliveries deliveries;

    public Events(World world, Deliveries deliveries) {
        this.world = world;
        this.deliveries = deliveries;
    }

    public List<Route> routes() {
        return List.of(
                Route.get(URL, "list of event", LIST, this::page),
                Route.get(URL + "/{id}", "event", Fields.none(), this::retrieve));
    }

    private JsonObject retrieve(Call call) {
        JsonObject event = call.subject(Kind.EVENT);
        if (!isShown(event)) {
            throw StripeError.noSuch("event", event.getString("id"), "id", 404);
        }
        return event;
    }

    private JsonObject page(Call call) {
        JsonArray types = Requests.array(call.params(), "types");
        if (call.has("type") && !types.isEmpty()) {
            throw StripeError.parameter("You may only specify one of these parameters: type, types.", "type")
                    .code("parameters_exclusive");
        }
        if (call.has("type")) {
            types.add(call.text("type"));
        }
        Predicate<JsonObject> filter = event -> isShown(event)
                && (types.isEmpty() || types.stream().anyMatch(type -> covers((String) type, event)))
                && delivered(call, event);
        return Lists.page(call, Kind.EVENT, URL, filter);
    }

    /** "A specific event name, or group of events using * as a wildcard." */
    private static boolean covers(String type, JsonObject event) {
        String pattern = Pattern.quote(type).replace("*", "\\E.*\\Q");
        return event.getString("type").matches(pattern);
    }

    private boolean delivered(Call call, JsonObject event) {
        Boolean wanted = call.params().getBoolean("delivery_success");
        return wanted == null || wanted == deliveries.succeeded(event.getString("id"));
    }

    private boolean isShown(JsonObject event) {
        return event.getLong("created") >= world.clock().seconds() - SHOWN.toSeconds();
    }
}
