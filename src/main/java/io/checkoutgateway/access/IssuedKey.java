package io.checkoutgateway.access;

import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A key as those see it who look after keys; its text is nowhere.
 *
 * @param id names it; the part of its text after {@link ApiKey#PREFIX}
 * @param place its number in lists
 * @param name what its maker called it
 * @param expiresAt {@code null} for a key that lives until it is revoked
 * @param lastUsedAt to the minute; {@code null} when it was not used yet
 * @param revokedAt {@code null} while it was not revoked
 */
public record IssuedKey(
        String id,
        long place,
        String name,
        Set<Scope> scopes,
        Instant createdAt,
        @Nullable Instant expiresAt,
        @Nullable Instant lastUsedAt,
        @Nullable Instant revokedAt) {
    public IssuedKey {
        scopes = Set.copyOf(scopes);
    }
}
