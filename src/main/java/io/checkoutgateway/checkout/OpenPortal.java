package io.checkoutgateway.checkout;

import io.checkoutgateway.audit.Actor;
import io.checkoutgateway.idempotency.IdempotencyKey;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A caller's wish for a way into the customer portal.
 *
 * @param customerId our ULID
 * @param configurationId {@code bpc_…}; {@code null}: the account's default one
 * @param locale {@code null}: the customer's or the browser's
 * @param returnUrl {@code null}: that of the configuration
 */
public record OpenPortal(
        Actor actor,
        String customerId,
        @Nullable String configurationId,
        @Nullable String locale,
        @Nullable String returnUrl,
        Optional<IdempotencyKey> idempotencyKey) {}
