package io.checkoutgateway.http.apps;

import io.checkoutgateway.api.model.ReplaceAppRedirectHostsRequest;
import io.checkoutgateway.apps.RedirectHostLists;
import io.checkoutgateway.http.Call;
import io.checkoutgateway.http.Operation;
import io.checkoutgateway.http.Reply;
import io.checkoutgateway.http.Versions;
import io.vertx.core.Future;

/** {@code PUT /api/v1/apps/{appId}/redirect-hosts} */
public final class ReplaceAppRedirectHosts implements Operation {
    private final RedirectHostLists lists;

    public ReplaceAppRedirectHosts(RedirectHostLists lists) {
        this.lists = lists;
    }

    @Override
    public String id() {
        return "replace-app-redirect-hosts";
    }

    @Override
    public Future<Reply> handle(Call call) {
        return Future.succeededFuture(call.body(ReplaceAppRedirectHostsRequest.class))
                .compose(request ->
                        lists.replace(call.actor(), call.path("appId"), request.getHosts(), Versions.wantedBy(call)))
                .map(RedirectHostsResource::reply);
    }
}
