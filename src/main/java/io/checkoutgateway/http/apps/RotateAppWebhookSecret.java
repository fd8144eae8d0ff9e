package io.checkoutgateway.http.apps;

import io.checkoutgateway.api.model.RotateAppWebhookSecretRequest;
import io.checkoutgateway.apps.InstalledApps;
import io.checkoutgateway.http.Call;
import io.checkoutgateway.http.Operation;
import io.checkoutgateway.http.Reply;
import io.vertx.core.Future;
import java.time.Duration;

/** {@code POST /api/v1/apps/{appId}/rotate-webhook-secret} */
public final class RotateAppWebhookSecret implements Operation {
    /** As the contract's preset: Stripe repeats what it could not deliver for longer, and catch-up fetches that. */
    private static final Duration OVERLAP = Duration.ofHours(24);

    private final InstalledApps apps;

    public RotateAppWebhookSecret(InstalledApps apps) {
        this.apps = apps;
    }

    @Override
    public String id() {
        return "rotate-app-webhook-secret";
    }

    @Override
    public Future<Reply> handle(Call call) {
        return apps.rotateWebhookSecret(call.actor(), call.path("appId"), overlap(call), call.idempotencyKey())
                .map(Reply::stored);
    }

    /** For how long the old secret is taken. */
    static Duration overlap(Call call) {
        Integer seconds = call.rawBody().length() == 0
                ? null
                : call.body(RotateAppWebhookSecretRequest.class).getOverlapSeconds();
        return seconds == null ? OVERLAP : Duration.ofSeconds(seconds);
    }
}
