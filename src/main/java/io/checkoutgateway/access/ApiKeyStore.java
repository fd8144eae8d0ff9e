package io.checkoutgateway.access;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Where API keys are remembered, by hash only. */
public interface ApiKeyStore {
    /** A live key's row: neither revoked nor expired. */
    record Row(String namespace, Buffer hash, Set<Scope> scopes) {}

    /** The live key of this id; empty when it is unknown, revoked or expired. */
    Future<Optional<Row>> find(String id);

    /**
     * Remembers a new key.
     *
     * @param expiresAt {@code null} for a key that lives until it is revoked
     */
    Future<Void> add(ApiKey key, String namespace, String name, Set<Scope> scopes, @Nullable Instant expiresAt);
}
