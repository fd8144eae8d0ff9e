package io.checkoutgateway.http.apps;

import io.checkoutgateway.apps.RedirectHostLists;
import io.checkoutgateway.http.Call;
import io.checkoutgateway.http.Operation;
import io.checkoutgateway.http.Reply;
import io.vertx.core.Future;

/** {@code GET /api/v1/apps/{appId}/redirect-hosts} */
public final class GetAppRedirectHosts implements Operation {
    private final RedirectHostLists lists;

    public GetAppRedirectHosts(RedirectHostLists lists) {
        this.lists = lists;
    }

    @Override
    public String id() {
        return "get-app-redirect-hosts";
    }

    @Override
    public Future<Reply> handle(Call call) {
        return lists.get(call.namespace(), call.path("appId")).map(RedirectHostsResource::reply);
    }
}
