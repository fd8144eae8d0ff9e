package io.checkoutgateway.http.apps;

import io.checkoutgateway.api.model.BillingAppType;
import io.checkoutgateway.api.model.BillingUpdateAppRequest;
import io.checkoutgateway.apps.AppChange;
import io.checkoutgateway.apps.AppType;
import io.checkoutgateway.apps.InstalledApps;
import io.checkoutgateway.apps.StripeKey;
import io.checkoutgateway.failure.GatewayException;
import io.checkoutgateway.failure.InvalidParameter;
import io.checkoutgateway.http.Call;
import io.checkoutgateway.http.Operation;
import io.checkoutgateway.http.Reply;
import io.checkoutgateway.http.Versions;
import io.checkoutgateway.settings.Secret;
import io.vertx.core.Future;
import java.util.Map;
import java.util.Objects;

/** {@code PUT /api/v3/openmeter/apps/{appId}} */
public final class UpdateApp implements Operation {
    private final InstalledApps apps;

    public UpdateApp(InstalledApps apps) {
        this.apps = apps;
    }

    @Override
    public String id() {
        return "update-app";
    }

    @Override
    public Future<Reply> handle(Call call) {
        return Future.succeededFuture(call)
                .map(UpdateApp::change)
                .compose(change -> apps.change(call.actor(), call.path("appId"), change))
                .map(AppResource::reply);
    }

    private static AppChange change(Call call) {
        BillingUpdateAppRequest request = call.body(BillingUpdateAppRequest.class);
        String key = request.getSecretApiKey();
        return new AppChange(
                type(request.getType()),
                request.getName(),
                request.getDescription(),
                Objects.requireNonNullElse(request.getLabels(), Map.of()),
                key == null ? null : new StripeKey(Secret.of(key)),
                Versions.wantedBy(call));
    }

    private static AppType type(BillingAppType type) {
        return switch (type) {
            case STRIPE -> AppType.STRIPE;
            case SANDBOX -> AppType.SANDBOX;
            case EXTERNAL_INVOICING ->
                throw GatewayException.invalid(
                        InvalidParameter.inBody("type", "not_allowed", "must be the app's, which is another"));
        };
    }
}
