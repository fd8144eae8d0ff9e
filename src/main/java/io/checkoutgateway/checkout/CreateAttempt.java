package io.checkoutgateway.checkout;

import io.vertx.core.json.JsonObject;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The right to work at a create: a session in {@code creating}, leased to this process.
 *
 * @param accountId the Stripe account that it is opened in; {@code null} while the app's own is not known
 * @param operation the contract's operation that asked for it under an idempotency key; {@code null} without one,
 *     and in the moment of the claim
 * @param stripeCustomerId the Stripe customer frozen into this attempt; {@code null} until it is linked
 * @param parameters Stripe's parameters, frozen with this attempt
 * @param attempt counts from 1; each has an idempotency key of its own at Stripe
 * @param wishedExpiry when the session was to run out as the request had it; a later attempt may need a little more
 * @param startedAt when the attempt began, in database time: the age of its key
 * @param lease fences off a process that took too long: its writes name a lease that is gone
 * @param tries how often this session was worked at
 */
public record CreateAttempt(
        String sessionId,
        String namespace,
        String appId,
        @Nullable String accountId,
        @Nullable String operation,
        String customerId,
        @Nullable String stripeCustomerId,
        JsonObject parameters,
        int attempt,
        Instant wishedExpiry,
        Instant startedAt,
        long lease,
        int tries) {

    /** Stripe's idempotency key: of our row, never the caller's own. */
    public String stripeKey() {
        return "session-" + sessionId + "-" + attempt;
    }

    /** When the session would run out at Stripe, as frozen into this attempt. */
    public Instant expiresAt() {
        return Instant.ofEpochSecond(parameters.getLong("expires_at"));
    }
}
