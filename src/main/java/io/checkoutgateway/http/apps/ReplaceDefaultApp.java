package io.checkoutgateway.http.apps;

import io.checkoutgateway.api.model.ReplaceDefaultAppRequest;
import io.checkoutgateway.apps.DefaultApps;
import io.checkoutgateway.http.Call;
import io.checkoutgateway.http.Operation;
import io.checkoutgateway.http.Reply;
import io.checkoutgateway.http.Versions;
import io.vertx.core.Future;

/** {@code PUT /api/v1/default-app} */
public final class ReplaceDefaultApp implements Operation {
    private final DefaultApps apps;

    public ReplaceDefaultApp(DefaultApps apps) {
        this.apps = apps;
    }

    @Override
    public String id() {
        return "replace-default-app";
    }

    @Override
    public Future<Reply> handle(Call call) {
        return Future.succeededFuture(call.body(ReplaceDefaultAppRequest.class))
                .compose(request -> apps.choose(call.actor(), request.getAppId(), Versions.replaceableBy(call)))
                .map(DefaultAppResource::reply);
    }
}
