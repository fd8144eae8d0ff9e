package io.checkoutgateway.sandbox.world;

import io.vertx.core.json.JsonObject;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/** One Stripe account in test mode and everything in it. */
public final class Account {
    private final String id;
    private final boolean connected;
    private final Map<Kind, Shelf> shelves = new EnumMap<>(Kind.class);
    private final Map<String, JsonObject> hidden = new HashMap<>();
    private final Map<String, Integer> createsByKey = new HashMap<>();

    Account(String id, boolean connected) {
        this.id = id;
        this.connected = connected;
        for (Kind kind : Kind.values()) {
            shelves.put(kind, new Shelf());
        }
    }

    /** {@code acct_…}. */
    public String id() {
        return id;
    }

    /** Whether it is reached through another's key and the {@code Stripe-Account} header. */
    public boolean isConnected() {
        return connected;
    }

    /** All objects of a kind. */
    public Shelf all(Kind kind) {
        return Objects.requireNonNull(shelves.get(kind));
    }

    /** What is remembered of an object but not shown with it, such as the line items of a session. */
    public JsonObject hidden(String objectId) {
        return hidden.computeIfAbsent(objectId, first -> new JsonObject());
    }

    /** Notes that a create ran, not a replay of one, under an idempotency key. */
    public void executed(String idempotencyKey) {
        createsByKey.merge(idempotencyKey, 1, Integer::sum);
    }

    Map<String, Integer> createsByKey() {
        return createsByKey;
    }
}
