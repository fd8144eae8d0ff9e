package io.checkoutgateway.checkout;

import io.checkoutgateway.audit.Actor;
import io.checkoutgateway.idempotency.IdempotencyKey;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A session about to be remembered, before Stripe hears of it.
 *
 * @param stripeCustomerId the customer's counterpart, frozen into the first attempt; {@code null} while it has none
 * @param parameters Stripe's parameters, frozen: every try of this attempt sends exactly these
 * @param actor who asked for it
 */
public record NewSession(
        String id,
        String namespace,
        String appId,
        @Nullable String accountId,
        boolean livemode,
        String customerId,
        @Nullable String stripeCustomerId,
        JsonObject parameters,
        Map<String, String> metadata,
        Actor actor,
        Optional<IdempotencyKey> idempotencyKey) {}
