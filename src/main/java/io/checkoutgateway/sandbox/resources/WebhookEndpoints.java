package io.checkoutgateway.sandbox.resources;

import static io.checkoutgateway.sandbox.wire.Shapes.flag;
import static io.checkoutgateway.sandbox.wire.Shapes.text;
import static io.checkoutgateway.sandbox.wire.Shapes.url;

import io.checkoutgateway.sandbox.events.Endpoints;
import io.checkoutgateway.sandbox.http.Call;
import io.checkoutgateway.sandbox.http.Lists;
import io.checkoutgateway.sandbox.http.Route;
import io.checkoutgateway.sandbox.wire.Fields;
import io.checkoutgateway.sandbox.wire.Metadata;
import io.checkoutgateway.sandbox.wire.Shapes;
import io.checkoutgateway.sandbox.wire.StripeError;
import io.checkoutgateway.sandbox.world.Kind;
import io.checkoutgateway.sandbox.world.World;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** {@code /v1/webhook_endpoints}; the secret is in the answer to the create and nowhere else. */
public final class WebhookEndpoints {
    private static final String URL = "/v1/webhook_endpoints";
    private static final String TYPE = "webhook_endpoint";
    private static final int MAX_EVENTS = 500;

    /** "You can register up to 16 webhook endpoints" per account. */
    private static final int MAX_ENDPOINTS = 16;

    private static final Fields CREATE = Fields.none()
            .required("url", url())
            .required("enabled_events", Shapes.list(text(), MAX_EVENTS))
            .optional("api_version", text())
            .optional("connect", flag())
            .optional("description", text())
            .optional("metadata", Metadata.shape());

    private static final Fields UPDATE = Fields.none()
            .optional("url", url())
            .optional("enabled_events", Shapes.list(text(), MAX_EVENTS))
            .optional("disabled", flag())
            .optional("description", text())
            .optional("metadata", Metadata.shape());

    private final World world;
    private final Endpoints endpoints;

    public WebhookEndpoints(World world, Endpoints endpoints) {
        this.world = world;
        this.endpoints = endpoints;
    }

    public List<Route> routes() {
        return List.of(
                Route.post(URL, TYPE, CREATE, this::create),
                Route.get(URL, "list of webhook_endpoint", Lists.PAGING, this::list),
                Route.get(URL + "/{id}", TYPE, Fields.none(), call -> call.subject(Kind.WEBHOOK_ENDPOINT)),
                Route.post(URL + "/{id}", TYPE, UPDATE, this::update),
                Route.delete(URL + "/{id}", TYPE, this::delete));
    }

    /** Adds an endpoint that belongs to no account and hears of all; returns its secret. */
    public String listen(URI url, List<String> enabledEvents, Optional<String> secret) {
        return endpoints.add(null, false, blank(url.toString(), new JsonArray(enabledEvents), null), secret);
    }

    private JsonObject create(Call call) {
        checkEvents(call.params().getJsonArray("enabled_events"));
        if (call.account().all(Kind.WEBHOOK_ENDPOINT).size() >= MAX_ENDPOINTS) {
            throw StripeError.invalid("You have reached the maximum of " + MAX_ENDPOINTS + " test webhook endpoints.");
        }
        JsonObject endpoint =
                blank(call.text("url"), call.params().getJsonArray("enabled_events"), call.text("api_version"));
        endpoint.put("description", call.text("description"))
                .put("metadata", Metadata.merge(new JsonObject(), call.params().getJsonObject("metadata")));
        call.account().all(Kind.WEBHOOK_ENDPOINT).add(endpoint);
        boolean connect = call.params().getBoolean("connect", false);
        String secret = endpoints.add(call.account(), connect, endpoint, Optional.empty());
        return endpoint.copy().put("secret", secret);
    }

    private JsonObject list(Call call) {
        return Lists.page(call, Kind.WEBHOOK_ENDPOINT, URL, endpoint -> true);
    }

    private JsonObject update(Call call) {
        JsonObject endpoint = call.subject(Kind.WEBHOOK_ENDPOINT);
        JsonObject params = call.params();
        if (call.has("enabled_events")) {
            checkEvents(params.getJsonArray("enabled_events"));
        }
        List.of("url", "enabled_events", "description").stream()
                .filter(call::sent)
                .forEach(name -> endpoint.put(name, params.getValue(name)));
        if (call.has("disabled")) {
            endpoint.put("status", params.getBoolean("disabled") ? "disabled" : "enabled");
        }
        if (call.sent("metadata")) {
            endpoint.put(
                    "metadata", Metadata.merge(endpoint.getJsonObject("metadata"), params.getJsonObject("metadata")));
        }
        return endpoint;
    }

    private JsonObject delete(Call call) {
        String id = call.subject(Kind.WEBHOOK_ENDPOINT).getString("id");
        endpoints.remove(id);
        call.account().all(Kind.WEBHOOK_ENDPOINT).remove(id);
        return world.object(id, TYPE).put("deleted", true);
    }

    private static void checkEvents(JsonArray events) {
        if (events.isEmpty()) {
            throw StripeError.missing("enabled_events");
        }
        if (events.contains("*") && events.size() > 1) {
            throw StripeError.parameter(
                    "The `*` event must be the only one in `enabled_events` when it is used.", "enabled_events");
        }
    }

    private JsonObject blank(String url, JsonArray events, @Nullable String version) {
        return world.object(world.ids().full("we"), TYPE)
                .put("api_version", version)
                .put("application", null)
                .put("created", world.clock().seconds())
                .put("description", null)
                .put("enabled_events", events)
                .put("livemode", false)
                .put("metadata", new JsonObject())
                .put("status", "enabled")
                .put("url", url);
    }
}
