package io.checkoutgateway.http.admin;

import io.checkoutgateway.access.IssuedKey;
import io.checkoutgateway.access.Scope;
import io.checkoutgateway.api.model.ApiKey;
import io.checkoutgateway.http.Reply;
import io.checkoutgateway.http.Wire;
import java.util.List;

/** An API key in the contract's words. */
public final class ApiKeyResource {
    static final String KEYS = "/api/v1/admin/api-keys/";

    private ApiKeyResource() {}

    static Reply reply(IssuedKey key) {
        return Reply.json(200, of(key));
    }

    /** The key, without its text. */
    public static ApiKey of(IssuedKey key) {
        return new ApiKey()
                .withId(key.id())
                .withName(key.name())
                .withScopes(words(key))
                .withCreatedAt(Wire.utc(key.createdAt()))
                .withExpiresAt(Wire.utc(key.expiresAt()))
                .withLastUsedAt(Wire.utc(key.lastUsedAt()))
                .withRevokedAt(Wire.utc(key.revokedAt()));
    }

    private static List<String> words(IssuedKey key) {
        return key.scopes().stream().map(Scope::word).sorted().toList();
    }
}
