package io.checkoutgateway.sandbox.events;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.checkoutgateway.sandbox.world.Account;
import io.checkoutgateway.sandbox.world.Kind;
import io.checkoutgateway.sandbox.world.Shelf;
import io.checkoutgateway.sandbox.world.World;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;

/** Writes down what happens and hands it to the deliveries. */
public final class EventLog {
    /** "You can access events through the Retrieve Event API for 30 days." */
    static final Duration KEPT = Duration.ofDays(30);

    private final World world;
    private final Deliveries deliveries;
    private final String apiVersion;

    /**
     * An empty log.
     *
     * @param apiVersion the version events are written in when an endpoint does not pin its own
     */
    public EventLog(World world, Deliveries deliveries, String apiVersion) {
        this.world = world;
        this.deliveries = deliveries;
        this.apiVersion = apiVersion;
    }

    /** Something happened to the object, which is copied as it is now. Returns the event's id. */
    @CanIgnoreReturnValue
    public String add(Account account, Origin origin, String type, JsonObject object) {
        return write(account, origin, type, new JsonObject().put("object", object.copy()));
    }

    /** The object changed; the values it had before go with it. */
    @CanIgnoreReturnValue
    public String updated(Account account, Origin origin, String type, JsonObject object, JsonObject previous) {
        return write(
                account,
                origin,
                type,
                new JsonObject().put("object", object.copy()).put("previous_attributes", previous.copy()));
    }

    @CanIgnoreReturnValue
    private String write(Account account, Origin origin, String type, JsonObject data) {
        String id = world.ids().full("evt");
        if (deliveries.neverGenerates()) {
            return id;
        }
        JsonObject event = world.object(id, "event");
        if (account.isConnected()) {
            event.put("account", account.id());
        }
        event.put("api_version", apiVersion)
                .put("created", world.clock().seconds())
                .put("data", data)
                .put("livemode", false)
                .put("pending_webhooks", 0)
                .put(
                        "request",
                        new JsonObject().put("id", origin.requestId()).put("idempotency_key", origin.idempotencyKey()))
                .put("type", type);
        prune(account.all(Kind.EVENT));
        account.all(Kind.EVENT).add(event);
        if (deliveries.send(account, event) > 0) {
            deliveries.start();
        }
        return id;
    }

    private void prune(Shelf events) {
        long oldest = world.clock().seconds() - KEPT.toSeconds();
        List<String> past = events.oldestFirst().stream()
                .takeWhile(event -> event.getLong("created") < oldest)
                .map(event -> event.getString("id"))
                .toList();
        past.forEach(events::remove);
        past.forEach(deliveries::forget);
    }
}
