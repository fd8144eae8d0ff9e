package io.checkoutgateway.access;

import io.checkoutgateway.failure.GatewayException;
import io.checkoutgateway.failure.Reason;
import io.checkoutgateway.settings.Secret;
import io.vertx.core.Future;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Issues API keys and recognises them. */
public final class ApiKeys {
    /** One sentence for every way to fail: which one it was helps only an attacker. */
    private static final String REFUSED = "The API key is missing, malformed, unknown, revoked or expired";

    private final ApiKeyStore store;
    private final KeyLookups lookups;
    private final SecureRandom random;

    public ApiKeys(ApiKeyStore store, SecureRandom random) {
        this.store = store;
        this.lookups = new KeyLookups(store);
        this.random = random;
    }

    /**
     * Tells who presents this key.
     *
     * @return fails with {@link Reason#UNAUTHENTICATED} when it is not a live key
     */
    public Future<Caller> authenticate(String text) {
        return ApiKey.parse(text)
                .map(key -> lookups.find(key.id()).compose(row -> row.filter(found -> key.sameSecret(found.hash()))
                        .map(found -> Future.succeededFuture(callerOf(key, found)))
                        .orElseGet(ApiKeys::refused)))
                .orElseGet(ApiKeys::refused);
    }

    private static Caller callerOf(ApiKey key, ApiKeyStore.Row row) {
        return new Caller(row.namespace(), "api_key:" + key.id(), row.scopes());
    }

    /**
     * Makes a key for a namespace.
     *
     * @param name what the operator calls it, for lists and logs
     * @param scopes what the key allows, at least one
     * @param expiresAt {@code null} for a key that lives until it is revoked
     * @return the key's text, which cannot be had again
     */
    public Future<Secret> issue(String namespace, String name, Set<Scope> scopes, @Nullable Instant expiresAt) {
        ApiKey.Issued issued = ApiKey.issue(random);
        return store.add(issued.key(), namespace, name, scopes, expiresAt).map(issued.text());
    }

    private static Future<Caller> refused() {
        return Future.failedFuture(new GatewayException(Reason.UNAUTHENTICATED, REFUSED));
    }
}
