package io.checkoutgateway.http.admin;

import io.checkoutgateway.access.ApiKeys;
import io.checkoutgateway.access.IssuedKey;
import io.checkoutgateway.access.NewApiKey;
import io.checkoutgateway.access.Scope;
import io.checkoutgateway.api.model.CreateApiKeyRequest;
import io.checkoutgateway.http.Call;
import io.checkoutgateway.http.Operation;
import io.checkoutgateway.http.Reply;
import io.checkoutgateway.http.Wire;
import io.checkoutgateway.idempotency.Answered;
import io.checkoutgateway.idempotency.StoredAnswer;
import io.checkoutgateway.settings.Secret;
import io.vertx.core.Future;
import java.util.stream.Collectors;

/** {@code POST /api/v1/admin/api-keys} */
public final class CreateApiKey implements Operation {
    private final ApiKeys keys;

    public CreateApiKey(ApiKeys keys) {
        this.keys = keys;
    }

    @Override
    public String id() {
        return "create-api-key";
    }

    @Override
    public Future<Reply> handle(Call call) {
        return Future.succeededFuture(call.body(CreateApiKeyRequest.class))
                .map(CreateApiKey::wanted)
                .compose(wanted ->
                        keys.create(call.actor(), call.scopes(), wanted, call.idempotencyKey(), CreateApiKey::answer))
                .map(CreateApiKey::reply);
    }

    private static NewApiKey wanted(CreateApiKeyRequest request) {
        return new NewApiKey(
                request.getName(),
                request.getScopes().stream()
                        .flatMap(word -> Scope.of(word.value()).stream())
                        .collect(Collectors.toUnmodifiableSet()),
                BackfillResource.time("expires_at", request.getExpiresAt()));
    }

    private static StoredAnswer answer(IssuedKey key) {
        return new StoredAnswer(201, Wire.JSON, Wire.encode(ApiKeyResource.of(key)), ApiKeyResource.KEYS + key.id());
    }

    /** Answers are stored for days, and the key nowhere: it is put into the first answer on its way out. */
    private static Reply reply(ApiKeys.Created created) {
        return Reply.stored(
                created.text().map(text -> withKey(created.answered(), text)).orElse(created.answered()));
    }

    private static Answered withKey(Answered answered, Secret text) {
        StoredAnswer stored = answered.answer();
        return Answered.first(new StoredAnswer(
                stored.status(),
                stored.contentType(),
                stored.body().toJsonObject().put("key", text.reveal()).toBuffer(),
                stored.location()));
    }
}
