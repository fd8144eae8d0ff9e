package io.checkoutgateway.http.apps;

import io.checkoutgateway.api.model.AppCatalogItemPagePaginatedResponse;
import io.checkoutgateway.apps.AppInstalls;
import io.checkoutgateway.apps.AppType;
import io.checkoutgateway.http.Call;
import io.checkoutgateway.http.NumberedPage;
import io.checkoutgateway.http.Operation;
import io.checkoutgateway.http.Reply;
import io.vertx.core.Future;
import java.util.List;

/** {@code GET /api/v3/openmeter/app-catalog} */
public final class ListAppCatalog implements Operation {
    private final AppInstalls installs;

    public ListAppCatalog(AppInstalls installs) {
        this.installs = installs;
    }

    @Override
    public String id() {
        return "list-app-catalog";
    }

    @Override
    public Future<Reply> handle(Call call) {
        NumberedPage page = NumberedPage.of(call.query());
        List<AppType> offered = installs.offered();
        return Future.succeededFuture(Reply.json(
                200,
                new AppCatalogItemPagePaginatedResponse()
                        .withData(page.of(offered).stream()
                                .map(CatalogResource::of)
                                .toList())
                        .withMeta(page.meta(offered.size()))));
    }
}
