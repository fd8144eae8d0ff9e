package io.checkoutgateway.http.outgoing;

import io.checkoutgateway.api.model.WebhookTestResult;
import io.checkoutgateway.http.Call;
import io.checkoutgateway.http.Operation;
import io.checkoutgateway.http.Reply;
import io.checkoutgateway.outgoing.Attempt;
import io.checkoutgateway.outgoing.WebhookEndpoints;
import io.vertx.core.Future;

/** {@code POST /api/v1/webhook-endpoints/{endpointId}/test} */
public final class TestWebhookEndpoint implements Operation {
    private final WebhookEndpoints endpoints;

    public TestWebhookEndpoint(WebhookEndpoints endpoints) {
        this.endpoints = endpoints;
    }

    @Override
    public String id() {
        return "test-webhook-endpoint";
    }

    @Override
    public Future<Reply> handle(Call call) {
        return endpoints.test(call.actor(), call.path("endpointId")).map(test -> Reply.json(200, resource(test)));
    }

    private static WebhookTestResult resource(WebhookEndpoints.Test test) {
        Attempt attempt = test.attempt();
        return new WebhookTestResult()
                .withWebhookId(test.messageId())
                .withDelivered(attempt.delivered())
                .withStatus(attempt.status())
                .withError(attempt.error())
                .withDurationMs((int) attempt.took().toMillis());
    }
}
