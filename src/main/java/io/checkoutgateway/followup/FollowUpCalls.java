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

    /**
     * A session's line items as Stripe wrote them, in order; 500 at most.
     *
     * @param asOf just before the first of them was read, by Stripe's clock
     */
    record LineItemsSeen(List<JsonObject> items, Instant asOf) {}

    Future<LineItemsSeen> lineItems(StripeApp app, String stripeSessionId);

    /**
     * A customer's payment method for what is charged automatically.
     *
     * @param paymentMethodId {@code null} for none
     * @param asOf just before the reading, by Stripe's clock
     */
    record DefaultSeen(@Nullable String paymentMethodId, Instant asOf) {}

    /** Empty when there is no such customer, or only what is left of a deleted one. */
    Future<Optional<DefaultSeen>> defaultPaymentMethod(StripeApp app, String stripeCustomerId);

    /** Whose choice a customer's default is, as far as Stripe's events tell. */
    enum Author {
        /** Somebody who told Stripe. */
        OTHERS,
        /** The gateway told Stripe. */
        GATEWAY,
        /** It was made before the time that was asked about. */
        NOBODY_SINCE,
        /** There are more events than may be read, or the key may not read them. */
        UNKNOWN
    }

    /**
     * Whose choice it is.
     *
     * @param at when it was made, in whole seconds; {@code null} when none was found
     */
    record Origin(Author author, @Nullable Instant at) {}

    /**
     * Looks through the events since then, up to {@link #EVENT_PAGES_MAX} pages of them, for the latest one that gave the
     * customer this default.
     *
     * @param paymentMethodId {@code null} for none
     */
    Future<Origin> originOfDefault(
            StripeApp app, String stripeCustomerId, @Nullable String paymentMethodId, Instant since);

    /** Beside these, a default takes one call to look and one to tell: {@link #CALLS_MAX} in all. */
    int EVENT_PAGES_MAX = CALLS_MAX - 2;

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
