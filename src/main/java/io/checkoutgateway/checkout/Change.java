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
 * @param completedAt the earliest time at which the session was seen to be complete, in whatever order that was learnt
 * @param heard whether the observation is as late as what was known, so that a reading which was begun before has missed
 *     it, whatever it says
 * @param undecided whether the observation and what was known were both true in one second and differ, so that only
 *     Stripe can tell which is the later one. Until it was read again, what was told last holds.
 */
public record Change(
        CheckoutStatus status,
        @Nullable StripeSession stripe,
        @Nullable Instant stripeAsOf,
        @Nullable SetupIntent setupIntent,
        @Nullable Instant setupIntentAsOf,
        @Nullable Payment payment,
        @Nullable Instant paymentAsOf,
        @Nullable Instant completedAt,
        boolean heard,
        boolean undecided) {

    /** What the observation brings; empty when it is older than what is known. */
    public static Optional<Change> of(CheckoutSession known, Observation seen) {
        Change unchanged = of(known);
        Change changed =
                unchanged.withSession(known, seen).withSetupIntent(known, seen).withPayment(known, seen);
        return changed.equals(unchanged) ? Optional.empty() : Optional.of(changed);
    }

    /**
     * The state that was seen, whatever is known: for what went astray.
     *
     * @param seen an observation of a session
     */
    public static Change to(CheckoutSession known, Observation seen) {
        StripeSession session = Objects.requireNonNull(seen.session(), "a session was seen");
        Change changed = of(known).with(session, seen);
        Change withIntent = seen.setupIntent() == null ? changed : changed.with(seen.setupIntent(), seen.asOf());
        return seen.payment() == null ? withIntent : withIntent.with(seen.payment(), seen.asOf());
    }

    private static Change of(CheckoutSession known) {
        return new Change(
                known.status(),
                known.stripe(),
                known.stripeAsOf(),
                known.setupIntent(),
                known.setupIntentAsOf(),
                known.payment(),
                known.paymentAsOf(),
                known.completedAt(),
                false,
                false);
    }

    /**
     * Whether it only says that what was known is still true. That is no news, and must be remembered all the same: a
     * state in between may still be on its way, and a reading under way may have seen it. Of what the session is paid
     * through only the payment method is news: how the payment goes is told by the session, and a Subscription changes
     * for as long as it lives.
     */
    public boolean confirms(CheckoutSession known) {
        return status == known.status()
                && Objects.equals(stripe, known.stripe())
                && Objects.equals(setupIntent, known.setupIntent())
                && Objects.equals(methodOf(payment), methodOf(known.payment()))
                && Objects.equals(completedAt, known.completedAt());
    }

    /** The payment method that the customer left or paid with; {@code null} while none is known. */
    public @Nullable String paymentMethodId() {
        return CheckoutSession.paymentMethodId(setupIntent, payment);
    }

    private static @Nullable String methodOf(@Nullable Payment payment) {
        return payment == null ? null : payment.paymentMethodId();
    }

    /**
     * Whether a session that is complete leaves something open, of which an event tells, unless it is lost: the outcome
     * of its SetupIntent, or of a payment that takes days, or with which payment method it is paid.
     */
    public boolean isOpenEnded() {
        if (status != CheckoutStatus.COMPLETE || stripe == null) {
            return false;
        }
        if (!stripe.sells()) {
            return setupIntent == null || !setupIntent.isFinal();
        }
        boolean unknown = stripe.payment() != null && (payment == null || !payment.settled());
        return unknown || !stripe.isPaid();
    }

    private Change withSession(CheckoutSession known, Observation seen) {
        StripeSession incoming = seen.session();
        if (incoming == null || !concerns(incoming)) {
            return this;
        }
        if (incoming.equals(stripe) && (incoming.saysStatus() || statusBy(incoming) == status)) {
            return new Change(
                    status,
                    stripe,
                    later(stripeAsOf, seen.asOf()),
                    setupIntent,
                    setupIntentAsOf,
                    payment,
                    paymentAsOf,
                    completed(status, incoming, seen),
                    true,
                    undecided);
        }
        Verdict verdict = StateOrder.ofSession(known, incoming, seen);
        return verdict == Verdict.EARLIER
                ? completed(incoming, seen)
                : with(incoming, seen).decided(verdict);
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
            return with(setupIntent, later(setupIntentAsOf, seen.asOf()));
        }
        Verdict verdict = StateOrder.ofSetupIntent(known, incoming, seen);
        return verdict == Verdict.EARLIER ? this : with(incoming, seen.asOf()).decided(verdict);
    }

    /** A session names what it is paid through; until then, and of another, nothing is known to belong here. */
    private Change withPayment(CheckoutSession known, Observation seen) {
        Payment incoming = seen.payment();
        if (incoming == null || stripe == null || !incoming.id().equals(stripe.payment())) {
            return this;
        }
        if (incoming.equals(payment)) {
            return with(incoming, later(paymentAsOf, seen.asOf()));
        }
        Verdict verdict = StateOrder.ofPayment(known, incoming, seen);
        return verdict == Verdict.EARLIER ? this : with(incoming, seen.asOf()).decided(verdict);
    }

    private Change with(StripeSession session, Observation seen) {
        boolean samePayment = payment != null && payment.id().equals(session.payment());
        CheckoutStatus now = statusBy(session);
        return new Change(
                now,
                session,
                seen.asOf(),
                mentioned(session),
                setupIntentAsOf,
                samePayment ? payment : null,
                samePayment ? paymentAsOf : null,
                completed(now, session, seen),
                true,
                undecided);
    }

    /** That it says none does not open or end again what is known to have ended. */
    private CheckoutStatus statusBy(StripeSession session) {
        return session.saysStatus() || !status.terminal() ? session.status() : status;
    }

    private Change with(@Nullable SetupIntent intent, Instant asOf) {
        return new Change(status, stripe, stripeAsOf, intent, asOf, payment, paymentAsOf, completedAt, true, undecided);
    }

    private Change with(Payment paidThrough, Instant asOf) {
        return new Change(
                status,
                stripe,
                stripeAsOf,
                setupIntent,
                setupIntentAsOf,
                paidThrough,
                asOf,
                completedAt,
                true,
                undecided);
    }

    /** A state that is judged to be earlier tells all the same since when the session is complete. */
    private Change completed(StripeSession incoming, Observation seen) {
        Instant completed = completed(status, incoming, seen);
        return new Change(
                status,
                stripe,
                stripeAsOf,
                setupIntent,
                setupIntentAsOf,
                payment,
                paymentAsOf,
                completed,
                heard,
                undecided);
    }

    private Change decided(Verdict verdict) {
        return new Change(
                status,
                stripe,
                stripeAsOf,
                setupIntent,
                setupIntentAsOf,
                payment,
                paymentAsOf,
                completedAt,
                heard,
                undecided || verdict == Verdict.UNDECIDED);
    }

    /** @param now the session's status from now on */
    private @Nullable Instant completed(CheckoutStatus now, StripeSession incoming, Observation seen) {
        if (now != CheckoutStatus.COMPLETE) {
            return null;
        }
        Instant since = seen.toldCompleteSince().orElse(completedAt == null ? seen.asOf() : completedAt);
        boolean earlier = completedAt == null || since.isBefore(completedAt);
        return incoming.status() == now && earlier ? since : completedAt;
    }

    /** Whole seconds, as Stripe's times are. */
    private static Instant later(@Nullable Instant known, Instant seen) {
        return known == null || seen.getEpochSecond() > known.getEpochSecond() ? seen : known;
    }
}
