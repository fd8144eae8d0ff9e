package io.checkoutgateway.checkout;

import io.checkoutgateway.api.model.BillingAppStripeCreateCheckoutSessionRequestOptions;
import io.checkoutgateway.audit.Actor;
import io.checkoutgateway.idempotency.IdempotencyKey;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A caller's wish for a session in {@code setup} mode.
 *
 * @param actor who asks, in whose namespace
 * @param appId the app to open it with; {@code null}: the one that serves the customer
 * @param account the connected account to open it in; {@code null}: the app's own
 * @param stripeCustomerId the counterpart that the customer brings; {@code null}: the one it has, or a new one
 * @param options the contract's own model: its members are Stripe's, so that a second copy of them would only be
 *     another place to change
 */
public record CreateCheckout(
        Actor actor,
        Payer payer,
        @Nullable String appId,
        @Nullable String account,
        @Nullable String stripeCustomerId,
        BillingAppStripeCreateCheckoutSessionRequestOptions options,
        Optional<IdempotencyKey> idempotencyKey) {

    /** A session for a known customer, with the app that serves it. */
    public CreateCheckout(
            Actor actor,
            String customerId,
            BillingAppStripeCreateCheckoutSessionRequestOptions options,
            Optional<IdempotencyKey> idempotencyKey) {
        this(actor, new Payer.ById(customerId), null, null, null, options, idempotencyKey);
    }

    public String namespace() {
        return actor.namespace();
    }

    /** Whether a try leaves something behind before the session is written down: another one looks for its trace first. */
    boolean hasPreliminaries() {
        return payer instanceof Payer.New || stripeCustomerId != null;
    }
}
