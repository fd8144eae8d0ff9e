package io.checkoutgateway.http.apps;

import io.checkoutgateway.apps.InstalledApps;
import io.checkoutgateway.http.Call;
import io.checkoutgateway.http.Operation;
import io.checkoutgateway.http.Reply;
import io.vertx.core.Future;

/** {@code DELETE /api/v3/openmeter/apps/{appId}} */
public final class UninstallApp implements Operation {
    private final InstalledApps apps;

    public UninstallApp(InstalledApps apps) {
        this.apps = apps;
    }

    @Override
    public String id() {
        return "uninstall-app";
    }

    @Override
    public Future<Reply> handle(Call call) {
        return apps.uninstall(call.actor(), call.path("appId")).map(gone -> Reply.noContent());
    }
}
