package io.checkoutgateway.http.apps;

import io.checkoutgateway.apps.InstalledApps;
import io.checkoutgateway.http.Call;
import io.checkoutgateway.http.Operation;
import io.checkoutgateway.http.Reply;
import io.vertx.core.Future;

/** {@code GET /api/v3/openmeter/apps/{appId}} */
public final class GetApp implements Operation {
    private final InstalledApps apps;

    public GetApp(InstalledApps apps) {
        this.apps = apps;
    }

    @Override
    public String id() {
        return "get-app";
    }

    @Override
    public Future<Reply> handle(Call call) {
        return apps.get(call.namespace(), call.path("appId")).map(AppResource::reply);
    }
}
