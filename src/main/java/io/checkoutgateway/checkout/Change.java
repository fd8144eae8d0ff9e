package io.checkoutgateway.checkout;

import io.checkoutgateway.checkout.StateOrder.Verdict;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What an observation changes about a session. A pure function: the store calls it under the row's lock and writes
 * down what it says.
 *
 * @param status the status from now on
 * @param setupIntent as known from now on, like the members after it
 * @param undecided whether the observation and what was known were both true in one second and differ, so that only
 *     Stripe can tell which is the later one. Until it was read again, what was told last holds.
 */
public record Change(
        CheckoutStatus status,
        @Nullable StripeSession stripe,
        @Nullable Instant stripeAsOf,
        @Nullable SetupIntent setupIntent,
        @Nullable Instant setupIntentAsOf,
        boolean undecided) {

    /** What the observation brings; empty when it says nothing new or is older than what is known. */
    public static Optional<Change> of(CheckoutSession known, Observation seen) {
        Change unchanged = new Change(
                known.status(),
                known.stripe(),
                known.stripeAsOf(),
                known.setupIntent(),
                known.setupIntentAsOf(),
                false);
        Change changed = unchanged.withSession(known, seen).withSetupIntent(known, seen);
        return changed.equals(unchanged) ? Optional.empty() : Optional.of(changed);
    }

    /**
     * Whether it only says that what was known is still true at a later time. That is no news, and must be remembered
     * all the same: a state in between may still be on its way.
     */
    public boolean confirms(CheckoutSession known) {
        return status == known.status()
                && Objects.equals(stripe, known.stripe())
                && Objects.equals(setupIntent, known.setupIntent());
    }

    private Change withSession(CheckoutSession known, Observation seen) {
        StripeSession incoming = seen.session();
        if (incoming == null || !concerns(incoming)) {
            return this;
        }
        if (incoming.equals(stripe)) {
            return new Change(status, stripe, later(stripeAsOf, seen.asOf()), setupIntent, setupIntentAsOf, undecided);
        }
        Verdict verdict = StateOrder.ofSession(known, incoming, seen);
        return verdict == Verdict.EARLIER
                ? this
                : new Change(
                        incoming.status(),
                        incoming,
                        seen.asOf(),
                        mentioned(incoming),
                        setupIntentAsOf,
                        undecided || verdict == Verdict.UNDECIDED);
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

    private Change withSetupIntent(CheckoutSession known, Observation seen) {
        SetupIntent incoming = seen.setupIntent();
        if (incoming == null) {
            return this;
        }
        if (incoming.equals(setupIntent)) {
            return new Change(status, stripe, stripeAsOf, setupIntent, later(setupIntentAsOf, seen.asOf()), undecided);
        }
        Verdict verdict = StateOrder.ofSetupIntent(known, incoming, seen);
        return verdict == Verdict.EARLIER
                ? this
                : new Change(
                        status, stripe, stripeAsOf, incoming, seen.asOf(), undecided || verdict == Verdict.UNDECIDED);
    }

    /** Whole seconds, as Stripe's times are. */
    private static Instant later(@Nullable Instant known, Instant seen) {
        return known == null || seen.getEpochSecond() > known.getEpochSecond() ? seen : known;
    }
}
