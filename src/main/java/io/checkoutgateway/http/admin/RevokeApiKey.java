package io.checkoutgateway.http.admin;

import io.checkoutgateway.access.ApiKeys;
import io.checkoutgateway.http.Call;
import io.checkoutgateway.http.Operation;
import io.checkoutgateway.http.Reply;
import io.vertx.core.Future;

/** {@code DELETE /api/v1/admin/api-keys/{keyId}} */
public final class RevokeApiKey implements Operation {
    private final ApiKeys keys;

    public RevokeApiKey(ApiKeys keys) {
        this.keys = keys;
    }

    @Override
    public String id() {
        return "revoke-api-key";
    }

    @Override
    public Future<Reply> handle(Call call) {
        return keys.revoke(call.actor(), call.path("keyId")).map(revoked -> Reply.noContent());
    }
}
