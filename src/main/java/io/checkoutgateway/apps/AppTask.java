package io.checkoutgateway.apps;

import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is to be done at Stripe for an app; this process's, until its lease ends.
 *
 * @param app the app's row, its key included
 * @param lease fences off those who worked at it before
 * @param attempt the how manieth since something was done; 1 when nobody can have called Stripe before
 * @param webhooks the endpoints that it has or may have, the oldest first
 */
public record AppTask(AppStore.Row app, Stage stage, long lease, int attempt, List<Webhook> webhooks) {
    public AppTask {
        webhooks = List.copyOf(webhooks);
    }

    /** How far the app has come. */
    public enum Stage {
        /** It is being installed; nobody sees it yet. */
        INSTALLING,
        /** It is installed. */
        INSTALLED,
        /** It was uninstalled, or its install is undone. */
        LEAVING
    }

    /**
     * A webhook endpoint.
     *
     * @param id ours
     * @param connect whether it hears of connected accounts instead of the app's own
     * @param parameters what Stripe is asked to create, the same each time
     * @param endpointId Stripe's; {@code null} until it answered
     * @param retired whether it has served its time
     * @param age since the first time that Stripe was asked
     */
    public record Webhook(
            String id,
            boolean connect,
            JsonObject parameters,
            @Nullable String endpointId,
            boolean retired,
            Duration age) {
        /** Under which Stripe is asked to create it: the same each time, so that there is one. */
        String idempotencyKey() {
            return "app-webhook-" + id;
        }
    }
}
