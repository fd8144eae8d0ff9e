package io.checkoutgateway.http.apps;

import io.checkoutgateway.api.model.SetConnectWebhookSecretRequest;
import io.checkoutgateway.apps.InstalledApps;
import io.checkoutgateway.http.Call;
import io.checkoutgateway.http.Operation;
import io.checkoutgateway.http.Reply;
import io.checkoutgateway.settings.Secret;
import io.vertx.core.Future;

/** {@code PUT /api/v1/apps/{appId}/connect-webhook-secret} */
public final class SetConnectWebhookSecret implements Operation {
    private final InstalledApps apps;

    public SetConnectWebhookSecret(InstalledApps apps) {
        this.apps = apps;
    }

    @Override
    public String id() {
        return "set-connect-webhook-secret";
    }

    @Override
    public Future<Reply> handle(Call call) {
        Secret secret =
                Secret.of(call.body(SetConnectWebhookSecretRequest.class).getSecret());
        return apps.setConnectSecret(call.actor(), call.path("appId"), secret).map(set -> Reply.noContent());
    }
}
