package io.checkoutgateway.checkout;

import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What an observation changes about a session. A pure function: the store calls it under the row's lock and writes
 * down what it says.
 *
 * @param status the status from now on
 * @param setupIntent as known from now on, like the members after it
 */
public record Change(
        CheckoutStatus status,
        @Nullable StripeSession stripe,
        @Nullable Instant stripeAsOf,
        @Nullable SetupIntent setupIntent,
        @Nullable Instant setupIntentAsOf) {

    /** What the observation brings; empty when it says nothing new or is older than what is known. */
    public static Optional<Change> of(CheckoutSession known, Observation seen) {
        Change unchanged = new Change(
                known.status(), known.stripe(), known.stripeAsOf(), known.setupIntent(), known.setupIntentAsOf());
        Change changed = unchanged.withSession(seen).withSetupIntent(seen);
        return changed.equals(unchanged) ? Optional.empty() : Optional.of(changed);
    }

    private Change withSession(Observation seen) {
        StripeSession incoming = seen.session();
        if (incoming == null || !concerns(incoming) || incoming.equals(stripe)) {
            return this;
        }
        return StateOrder.replaces(stripe, stripeAsOf, incoming, seen.asOf())
                ? new Change(incoming.status(), incoming, seen.asOf(), mentioned(incoming), setupIntentAsOf)
                : this;
    }

    /** A row holds one session of Stripe's; another attempt's is not news about it. */
    private boolean concerns(StripeSession incoming) {
        return stripe == null || stripe.id().equals(incoming.id());
    }

    /** A session names its SetupIntent; what is known of that one stays. */
    private @Nullable SetupIntent mentioned(StripeSession session) {
        String id = session.setupIntent();
        if (id == null || (setupIntent != null && setupIntent.id().equals(id))) {
            return setupIntent;
        }
        return new SetupIntent(id, null, null, null);
    }

    private Change withSetupIntent(Observation seen) {
        SetupIntent incoming = seen.setupIntent();
        if (incoming == null || incoming.equals(setupIntent)) {
            return this;
        }
        return StateOrder.replaces(setupIntent, setupIntentAsOf, incoming, seen.asOf())
                ? new Change(status, stripe, stripeAsOf, incoming, seen.asOf())
                : this;
    }
}
