package io.checkoutgateway.followup;

import io.checkoutgateway.apps.StripeApp;
import io.checkoutgateway.checkout.CheckoutSession;
import io.checkoutgateway.checkout.Observation;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Where it is written down what a follow-up has read. Every method is one short transaction. */
public interface Findings {
    /** The session that this {@code cs_…} is, if one is known. */
    Future<Optional<CheckoutSession>> session(StripeApp app, String stripeSessionId);

    /** The session that this {@code seti_…} belongs to, if one is known. */
    Future<Optional<CheckoutSession>> sessionOfSetupIntent(StripeApp app, String setupIntentId);

    /**
     * Applies what was read of a session; one that is not known yet, because another service made it, is from now on.
     *
     * @return the session as it is afterwards; empty when it is an attempt of ours that was overtaken
     */
    Future<Optional<CheckoutSession>> write(StripeApp app, Observation seen);

    /**
     * Applies what was read of a SetupIntent to the session that it belongs to.
     *
     * @param gatewaySessionId our ULID of that session, where the SetupIntent names it
     * @param setUpAt when its payment method was set up, by Stripe's clock, where that is known
     * @return the session as it is afterwards; empty when it belongs to none that is known
     */
    Future<Optional<CheckoutSession>> writeSetupIntent(
            StripeApp app, Observation seen, @Nullable String gatewaySessionId, @Nullable Instant setUpAt);

    /**
     * Stores a session's line items, unless newer ones are stored already.
     *
     * @return whether they were stored
     */
    Future<Boolean> writeLineItems(StripeApp app, String stripeSessionId, List<JsonObject> items, Instant asOf);
}
