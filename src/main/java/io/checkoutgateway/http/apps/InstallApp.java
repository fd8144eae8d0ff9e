package io.checkoutgateway.http.apps;

import io.checkoutgateway.api.model.BillingAppType;
import io.checkoutgateway.api.model.BillingInstallAppRequest;
import io.checkoutgateway.apps.AppInstalls;
import io.checkoutgateway.apps.AppType;
import io.checkoutgateway.apps.NewApp;
import io.checkoutgateway.apps.StripeKey;
import io.checkoutgateway.failure.GatewayException;
import io.checkoutgateway.failure.Reason;
import io.checkoutgateway.http.Call;
import io.checkoutgateway.http.Operation;
import io.checkoutgateway.http.Reply;
import io.checkoutgateway.settings.Secret;
import io.vertx.core.Future;

/** {@code POST /api/v3/openmeter/app-catalog/install} */
public final class InstallApp implements Operation {
    private final AppInstalls installs;

    public InstallApp(AppInstalls installs) {
        this.installs = installs;
    }

    @Override
    public String id() {
        return "install-app";
    }

    @Override
    public Future<Reply> handle(Call call) {
        return Future.succeededFuture(call.body(BillingInstallAppRequest.class))
                .map(InstallApp::app)
                .compose(app -> installs.install(call.actor(), app, call.idempotencyKey()))
                .map(Reply::stored);
    }

    private static NewApp app(BillingInstallAppRequest request) {
        String key = request.getApiKey();
        return new NewApp(
                type(request.getType()),
                request.getName(),
                request.getCreateBillingProfile(),
                key == null ? null : new StripeKey(Secret.of(key)));
    }

    private static AppType type(BillingAppType type) {
        return switch (type) {
            case STRIPE -> AppType.STRIPE;
            case SANDBOX -> AppType.SANDBOX;
            case EXTERNAL_INVOICING ->
                throw new GatewayException(
                        Reason.APP_NOT_AVAILABLE,
                        "This gateway sends no invoices: apps of type external_invoicing do not exist in it");
        };
    }
}
