package io.checkoutgateway.http.apps;

import io.checkoutgateway.api.model.StartAppCatchUpRequest;
import io.checkoutgateway.apps.WebhookChecks;
import io.checkoutgateway.http.Call;
import io.checkoutgateway.http.Operation;
import io.checkoutgateway.http.Reply;
import io.checkoutgateway.mirror.CatchUpRequests;
import io.vertx.core.Future;

/** {@code POST /api/v1/apps/{appId}/catch-up} */
public final class StartAppCatchUp implements Operation {
    private final CatchUpRequests catchUps;
    private final WebhookChecks checks;

    public StartAppCatchUp(CatchUpRequests catchUps, WebhookChecks checks) {
        this.catchUps = catchUps;
        this.checks = checks;
    }

    @Override
    public String id() {
        return "start-app-catch-up";
    }

    @Override
    public Future<Reply> handle(Call call) {
        StartAppCatchUpRequest request = call.body(StartAppCatchUpRequest.class);
        return catchUps.start(
                        call.actor(),
                        call.path("appId"),
                        request.getAccount(),
                        CatchUpResource.since(request.getSince()))
                .compose(standing ->
                        checks.of(standing.appId()).map(endpoints -> CatchUpResource.reply(202, standing, endpoints)));
    }
}
