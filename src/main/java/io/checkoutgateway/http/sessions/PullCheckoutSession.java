package io.checkoutgateway.http.sessions;

import io.checkoutgateway.api.model.PullCheckoutSessionRequest;
import io.checkoutgateway.http.Call;
import io.checkoutgateway.http.Operation;
import io.checkoutgateway.http.Reply;
import io.checkoutgateway.mirror.SessionPull;
import io.vertx.core.Future;

/** {@code POST /api/v1/admin/checkout-sessions/pull} */
public final class PullCheckoutSession implements Operation {
    private final SessionPull sessions;

    public PullCheckoutSession(SessionPull sessions) {
        this.sessions = sessions;
    }

    @Override
    public String id() {
        return "pull-checkout-session";
    }

    @Override
    public Future<Reply> handle(Call call) {
        PullCheckoutSessionRequest request = call.body(PullCheckoutSessionRequest.class);
        SessionPull.Wish wish =
                new SessionPull.Wish(request.getStripeSessionId(), request.getAppId(), request.getAccount());
        return sessions.pull(call.actor(), wish).map(SessionResource::reply);
    }
}
