package io.checkoutgateway.customers;

import io.checkoutgateway.apps.StripeApp;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Looks up at Stripe what callers name. Every failure is a {@link io.checkoutgateway.failure.StripeFailure}. */
public interface StripeCounterparts {
    /**
     * A customer at Stripe.
     *
     * @param defaultPaymentMethodId {@code pm_…}; {@code null}: none
     * @param asOf when this was so, by Stripe's clock
     */
    record Seen(@Nullable String defaultPaymentMethodId, Instant asOf) {}

    /** The customer; empty when there is none, or only what is left of a deleted one. */
    Future<Optional<Seen>> customer(StripeApp app, String stripeCustomerId);

    /** Whether there is such a payment method and it belongs to this customer. */
    Future<Boolean> isPaymentMethodOf(StripeApp app, String stripeCustomerId, String paymentMethodId);
}
