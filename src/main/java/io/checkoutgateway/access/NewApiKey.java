package io.checkoutgateway.access;

import io.checkoutgateway.failure.GatewayException;
import io.checkoutgateway.failure.InvalidParameter;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A key to be made.
 *
 * @param name what its maker calls it, for lists; 1 to {@value #NAME_MAX} characters
 * @param scopes what it allows, at least one
 * @param expiresAt {@code null} for a key that lives until it is revoked
 */
public record NewApiKey(String name, Set<Scope> scopes, @Nullable Instant expiresAt) {
    /** A line of a list. */
    public static final int NAME_MAX = 256;

    /** @throws GatewayException with {@link io.checkoutgateway.failure.Reason#INVALID_REQUEST} */
    public NewApiKey {
        scopes = Set.copyOf(scopes);
        if (name.isBlank() || name.length() > NAME_MAX) {
            throw invalid("name", "length", "must have 1 to %d characters, not only blanks".formatted(NAME_MAX));
        }
        if (scopes.isEmpty()) {
            throw invalid("scopes", "min_items", "must name at least one scope");
        }
    }

    /** The same key, which can be used for a while at least; fails like the constructor when it could not. */
    NewApiKey usableAt(Instant now) {
        if (expiresAt != null && !expiresAt.isAfter(now)) {
            throw invalid("expires_at", "future", "must be in the future");
        }
        return this;
    }

    private static GatewayException invalid(String field, String rule, String reason) {
        return GatewayException.invalid(InvalidParameter.inBody(field, rule, reason));
    }
}
