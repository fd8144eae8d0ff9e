package io.checkoutgateway.http.apps;

import io.checkoutgateway.apps.WebhookChecks;
import io.checkoutgateway.http.Call;
import io.checkoutgateway.http.Operation;
import io.checkoutgateway.http.Reply;
import io.checkoutgateway.mirror.CatchUpRequests;
import io.vertx.core.Future;

/** {@code GET /api/v1/apps/{appId}/catch-up} */
public final class GetAppCatchUp implements Operation {
    private final CatchUpRequests catchUps;
    private final WebhookChecks checks;

    public GetAppCatchUp(CatchUpRequests catchUps, WebhookChecks checks) {
        this.catchUps = catchUps;
        this.checks = checks;
    }

    @Override
    public String id() {
        return "get-app-catch-up";
    }

    @Override
    public Future<Reply> handle(Call call) {
        return catchUps.get(call.namespace(), call.path("appId")).compose(standing -> checks.of(standing.appId())
                .map(endpoints -> CatchUpResource.reply(200, standing, endpoints)));
    }
}
