package io.checkoutgateway.http.apps;

import io.checkoutgateway.apps.AppInstalls;
import io.checkoutgateway.failure.GatewayException;
import io.checkoutgateway.failure.Reason;
import io.checkoutgateway.http.Call;
import io.checkoutgateway.http.Operation;
import io.checkoutgateway.http.Reply;
import io.vertx.core.Future;

/** {@code GET /api/v3/openmeter/app-catalog/{appType}} */
public final class GetAppCatalogItem implements Operation {
    private final AppInstalls installs;

    public GetAppCatalogItem(AppInstalls installs) {
        this.installs = installs;
    }

    @Override
    public String id() {
        return "get-app-catalog-item";
    }

    @Override
    public Future<Reply> handle(Call call) {
        return installs.offered().stream()
                .filter(type -> type.word().equals(call.path("appType")))
                .findFirst()
                .map(type -> Future.succeededFuture(Reply.json(200, CatalogResource.of(type))))
                .orElseGet(() -> Future.failedFuture(
                        new GatewayException(Reason.NOT_FOUND, "No app of this kind can be installed here")));
    }
}
