package io.checkoutgateway.access;

import io.vertx.core.Future;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Where API keys are remembered, by hash only. */
public interface ApiKeyStore {
    /** A live key's row: neither revoked nor expired. */
    record Row(String namespace, byte[] hash) {}

    Future<Optional<Row>> find(String id);

    /** @param expiresAt {@code null} for a key that lives until it is revoked */
    Future<Void> add(ApiKey key, String namespace, String name, @Nullable Instant expiresAt);
}
