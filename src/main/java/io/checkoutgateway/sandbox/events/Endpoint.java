package io.checkoutgateway.sandbox.events;

import io.checkoutgateway.sandbox.world.Account;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Somebody who wants to hear of events. */
public final class Endpoint {
    private final @Nullable Account owner;
    private final boolean connect;
    private final JsonObject json;
    private List<String> secrets;
    private @Nullable Instant failingSince;

    /**
     * An endpoint.
     *
     * @param owner null to hear of every account, as a person listening at a terminal does
     * @param connect whether it hears of connected accounts instead of its own
     * @param json the webhook endpoint as Stripe shows it; it may change
     */
    Endpoint(@Nullable Account owner, boolean connect, JsonObject json, String secret) {
        this.owner = owner;
        this.connect = connect;
        this.json = json;
        this.secrets = List.of(secret);
    }

    public String id() {
        return json.getString("id");
    }

    public String url() {
        return json.getString("url");
    }

    public JsonObject json() {
        return json;
    }

    boolean isEnabled() {
        return "enabled".equals(json.getString("status"));
    }

    Optional<String> apiVersion() {
        return Optional.ofNullable(json.getString("api_version"));
    }

    List<String> secrets() {
        return secrets;
    }

    /** From now on both secrets sign, until {@link #retireOldSecret()}. */
    void roll(String secret) {
        secrets = List.of(secret, secrets.get(0));
    }

    void retireOldSecret() {
        secrets = List.of(secrets.get(0));
    }

    /** Disables an endpoint that has failed for this long without a success, as Stripe does; it stays so until updated. */
    void answered(boolean delivered, Instant now, Duration disableAfter) {
        if (delivered) {
            failingSince = null;
        } else if (failingSince == null) {
            failingSince = now;
        } else if (!now.isBefore(failingSince.plus(disableAfter))) {
            json.put("status", "disabled");
            failingSince = null;
        }
    }

    boolean wants(Account account, String type) {
        return isEnabled() && hears(account) && listsType(type);
    }

    private boolean hears(Account account) {
        return owner == null || (connect ? account.isConnected() : owner == account);
    }

    private boolean listsType(String type) {
        JsonArray enabled = json.getJsonArray("enabled_events");
        return enabled.contains("*") || enabled.contains(type);
    }
}
