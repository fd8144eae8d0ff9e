package io.checkoutgateway.http.outgoing;

import io.checkoutgateway.api.model.CreateWebhookEndpointRequest;
import io.checkoutgateway.http.Call;
import io.checkoutgateway.http.Operation;
import io.checkoutgateway.http.Reply;
import io.checkoutgateway.http.Wire;
import io.checkoutgateway.idempotency.Answered;
import io.checkoutgateway.idempotency.StoredAnswer;
import io.checkoutgateway.outgoing.EndpointUrl;
import io.checkoutgateway.outgoing.NewWebhookEndpoint;
import io.checkoutgateway.outgoing.WebhookEndpoint;
import io.checkoutgateway.outgoing.WebhookEndpoints;
import io.checkoutgateway.settings.Secret;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** {@code POST /api/v1/webhook-endpoints} */
public final class CreateWebhookEndpoint implements Operation {
    private final WebhookEndpoints endpoints;

    public CreateWebhookEndpoint(WebhookEndpoints endpoints) {
        this.endpoints = endpoints;
    }

    @Override
    public String id() {
        return "create-webhook-endpoint";
    }

    @Override
    public Future<Reply> handle(Call call) {
        return Future.succeededFuture(call.body(CreateWebhookEndpointRequest.class))
                .map(CreateWebhookEndpoint::endpoint)
                .compose(endpoint ->
                        endpoints.create(call.actor(), endpoint, call.idempotencyKey(), CreateWebhookEndpoint::answer))
                .compose(answered -> withSecret(call, answered));
    }

    private static NewWebhookEndpoint endpoint(CreateWebhookEndpointRequest request) {
        return new NewWebhookEndpoint(
                EndpointUrl.of(request.getUrl()),
                request.getDescription(),
                EventTypes.words(Objects.requireNonNullElse(request.getEventTypes(), List.of())));
    }

    private static StoredAnswer answer(WebhookEndpoint endpoint) {
        return new StoredAnswer(
                201, Wire.JSON, Wire.encode(EndpointResource.of(endpoint)), EndpointResource.ENDPOINTS + endpoint.id());
    }

    /** Answers are stored for days; the secret is put in afterwards, so that it lies in one place only. */
    private Future<Reply> withSecret(Call call, Answered answered) {
        JsonObject body = answered.answer().body().toJsonObject();
        return endpoints.secretOf(call.namespace(), body.getString("id")).map(secret -> reply(answered, body, secret));
    }

    private static Reply reply(Answered answered, JsonObject body, Optional<Secret> secret) {
        secret.ifPresent(known -> body.put("secret", known.reveal()));
        StoredAnswer stored = answered.answer();
        return Reply.stored(new Answered(
                new StoredAnswer(stored.status(), stored.contentType(), body.toBuffer(), stored.location()),
                answered.replayed()));
    }
}
