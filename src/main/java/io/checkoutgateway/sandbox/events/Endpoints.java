package io.checkoutgateway.sandbox.events;

import io.checkoutgateway.sandbox.world.Account;
import io.checkoutgateway.sandbox.world.Ids;
import io.vertx.core.json.JsonObject;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** All webhook endpoints of the sandbox. */
public final class Endpoints {
    private final Ids ids;
    private final Map<String, Endpoint> byId = new LinkedHashMap<>();

    public Endpoints(Ids ids) {
        this.ids = ids;
    }

    /** Adds an endpoint and returns its secret, which is never shown again. */
    public String add(@Nullable Account owner, boolean connect, JsonObject json, Optional<String> secret) {
        String used = secret.orElseGet(ids::webhookSecret);
        byId.put(json.getString("id"), new Endpoint(owner, connect, json, used));
        return used;
    }

    /** No event and no retry reaches it any more. */
    public void remove(String id) {
        Endpoint removed = byId.remove(id);
        if (removed != null) {
            removed.json().put("status", "disabled");
        }
    }

    /** Gives an endpoint a second secret; until {@link #retireOldSecret} both sign. */
    public Optional<String> roll(String id) {
        return find(id).map(endpoint -> {
            String secret = ids.webhookSecret();
            endpoint.roll(secret);
            return secret;
        });
    }

    public void retireOldSecret(String id) {
        find(id).ifPresent(Endpoint::retireOldSecret);
    }

    public Optional<Endpoint> find(String id) {
        return Optional.ofNullable(byId.get(id));
    }

    public List<Endpoint> all() {
        return List.copyOf(byId.values());
    }

    /** Who hears of an event of that type in that account. */
    List<Endpoint> wanting(Account account, String type) {
        return byId.values().stream()
                .filter(endpoint -> endpoint.wants(account, type))
                .toList();
    }

    /** Forgets all endpoints. */
    public void clear() {
        byId.keySet().stream().toList().forEach(this::remove);
    }
}
