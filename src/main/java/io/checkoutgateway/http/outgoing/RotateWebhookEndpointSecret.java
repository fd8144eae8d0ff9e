package io.checkoutgateway.http.outgoing;

import io.checkoutgateway.api.model.RotateWebhookEndpointSecretRequest;
import io.checkoutgateway.http.Call;
import io.checkoutgateway.http.Operation;
import io.checkoutgateway.http.Reply;
import io.checkoutgateway.http.Versions;
import io.checkoutgateway.http.Wire;
import io.checkoutgateway.idempotency.Answered;
import io.checkoutgateway.idempotency.StoredAnswer;
import io.checkoutgateway.outgoing.WebhookEndpoint;
import io.checkoutgateway.outgoing.WebhookEndpoints;
import io.checkoutgateway.settings.Secret;
import io.vertx.core.Future;
import java.time.Duration;

/** {@code POST /api/v1/webhook-endpoints/{endpointId}/rotate-secret} */
public final class RotateWebhookEndpointSecret implements Operation {
    private final WebhookEndpoints endpoints;

    public RotateWebhookEndpointSecret(WebhookEndpoints endpoints) {
        this.endpoints = endpoints;
    }

    @Override
    public String id() {
        return "rotate-webhook-endpoint-secret";
    }

    @Override
    public Future<Reply> handle(Call call) {
        return endpoints
                .rotateSecret(
                        call.actor(),
                        call.path("endpointId"),
                        overlap(call),
                        call.idempotencyKey(),
                        RotateWebhookEndpointSecret::answer)
                .map(RotateWebhookEndpointSecret::reply);
    }

    private static Duration overlap(Call call) {
        Integer seconds = call.rawBody().length() == 0
                ? null
                : call.body(RotateWebhookEndpointSecretRequest.class).getOverlapSeconds();
        return seconds == null ? WebhookEndpoints.OVERLAP : Duration.ofSeconds(seconds);
    }

    private static StoredAnswer answer(WebhookEndpoint endpoint, Secret secret) {
        return new StoredAnswer(200, Wire.JSON, Wire.encode(EndpointResource.of(endpoint, secret)));
    }

    private static Reply reply(Answered answered) {
        long version = answered.answer().body().toJsonObject().getLong("version");
        return Reply.stored(answered).with(Versions.ETAG, Versions.tagOf(version));
    }
}
