package io.checkoutgateway.http.apps;

import io.checkoutgateway.apps.DefaultApps;
import io.checkoutgateway.http.Call;
import io.checkoutgateway.http.Operation;
import io.checkoutgateway.http.Reply;
import io.vertx.core.Future;

/** {@code GET /api/v1/default-app} */
public final class GetDefaultApp implements Operation {
    private final DefaultApps apps;

    public GetDefaultApp(DefaultApps apps) {
        this.apps = apps;
    }

    @Override
    public String id() {
        return "get-default-app";
    }

    @Override
    public Future<Reply> handle(Call call) {
        return apps.get(call.namespace()).map(DefaultAppResource::reply);
    }
}
