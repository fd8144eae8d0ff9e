package io.checkoutgateway.http.admin;

import io.checkoutgateway.access.ApiKeys;
import io.checkoutgateway.http.Call;
import io.checkoutgateway.http.Operation;
import io.checkoutgateway.http.Reply;
import io.vertx.core.Future;

/** {@code GET /api/v1/admin/api-keys/{keyId}} */
public final class GetApiKey implements Operation {
    private final ApiKeys keys;

    public GetApiKey(ApiKeys keys) {
        this.keys = keys;
    }

    @Override
    public String id() {
        return "get-api-key";
    }

    @Override
    public Future<Reply> handle(Call call) {
        return keys.get(call.namespace(), call.path("keyId")).map(ApiKeyResource::reply);
    }
}
