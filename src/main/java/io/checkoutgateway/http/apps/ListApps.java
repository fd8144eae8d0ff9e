package io.checkoutgateway.http.apps;

import io.checkoutgateway.api.model.AppPagePaginatedResponse;
import io.checkoutgateway.apps.InstalledApps;
import io.checkoutgateway.http.Call;
import io.checkoutgateway.http.NumberedPage;
import io.checkoutgateway.http.Operation;
import io.checkoutgateway.http.Reply;
import io.vertx.core.Future;

/** {@code GET /api/v3/openmeter/apps} */
public final class ListApps implements Operation {
    private final InstalledApps apps;

    public ListApps(InstalledApps apps) {
        this.apps = apps;
    }

    @Override
    public String id() {
        return "list-apps";
    }

    @Override
    public Future<Reply> handle(Call call) {
        NumberedPage page = NumberedPage.of(call.query());
        return apps.list(call.namespace(), page.offset(), page.size())
                .map(found -> Reply.json(
                        200,
                        new AppPagePaginatedResponse()
                                .withData(found.apps().stream()
                                        .map(AppResource::of)
                                        .toList())
                                .withMeta(page.meta(found.total()))));
    }
}
