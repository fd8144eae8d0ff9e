package io.checkoutgateway.followup;

import io.checkoutgateway.apps.StripeApp;
import io.checkoutgateway.checkout.SetupIntent;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What follow-ups ask of Stripe. Every failure is a {@link io.checkoutgateway.failure.StripeFailure}. */
public interface FollowUpCalls {
    /** The most calls that one of these methods makes; follow-ups are claimed for as long as they may take. */
    int CALLS_MAX = 5;

    /**
     * A SetupIntent.
     *
     * @param gatewaySessionId our ULID of the session that it belongs to, where its metadata name it
     * @param asOf just before the reading, by Stripe's clock
     */
    record SetupIntentSeen(SetupIntent intent, @Nullable String gatewaySessionId, Instant asOf) {}

    Future<SetupIntentSeen> setupIntent(StripeApp app, String setupIntentId);

    /** The session's line items as Stripe wrote them, in order; 500 at most. */
    Future<List<JsonObject>> lineItems(StripeApp app, String stripeSessionId);

    /**
     * A customer's payment method for what is charged automatically.
     *
     * @param paymentMethodId {@code null} for none
     * @param asOf just before the reading, by Stripe's clock
     */
    record DefaultSeen(@Nullable String paymentMethodId, Instant asOf) {}

    /** Empty when there is no such customer, or only what is left of a deleted one. */
    Future<Optional<DefaultSeen>> defaultPaymentMethod(StripeApp app, String stripeCustomerId);

    /** What became of a customer's new default. */
    enum Told {
        SET,
        CUSTOMER_GONE,
        PAYMENT_METHOD_GONE
    }

    /** @param paymentMethodId {@code null} for none */
    Future<Told> setDefaultPaymentMethod(
            StripeApp app, String stripeCustomerId, @Nullable String paymentMethodId, String idempotencyKey);
}
