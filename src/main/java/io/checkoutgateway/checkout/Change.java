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
        boolean newer = incoming != null
                && status != CheckoutStatus.FAILED
                && !incoming.equals(stripe)
                && StateOrder.replaces(stripe, stripeAsOf, incoming, seen.asOf());
        if (!newer) {
            return this;
        }
        return new Change(incoming.status(), incoming, seen.asOf(), mentioned(incoming), setupIntentAsOf);
    }

    /** A session names its SetupIntent; what is known of that one stays. */
    private @Nullable SetupIntent mentioned(StripeSession session) {
        String id = session.setupIntent();
        boolean known = id == null || (setupIntent != null && setupIntent.id().equals(id));
        return known ? setupIntent : new SetupIntent(id, null, null, null);
    }

    private Change withSetupIntent(Observation seen) {
        SetupIntent incoming = seen.setupIntent();
        boolean newer = incoming != null
                && !incoming.equals(setupIntent)
                && StateOrder.replaces(setupIntent, setupIntentAsOf, incoming, seen.asOf());
        return newer ? new Change(status, stripe, stripeAsOf, incoming, seen.asOf()) : this;
    }
}
