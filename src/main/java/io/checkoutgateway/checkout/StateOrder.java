package io.checkoutgateway.checkout;

import java.time.Instant;
import java.util.Set;

/**
 * Decides which of two states of one object is the later one. The answer follows from what the states say, not from
 * when they arrived, so that deliveries in any order end in the same row.
 *
 * <ol>
 *   <li>What cannot be undone is later than what it ended: an ended session never opens again, a paid one is never
 *       unpaid again, a SetupIntent or PaymentIntent that succeeded or was canceled stays so, a Subscription that is not
 *       incomplete any more never is again.
 *   <li>Else the one that was true at a later second.
 *   <li>Else, in the same second, a reading is later than what was known when it was begun, unless anything was heard
 *       since, also what was known already: within a second, Stripe may go on to another state and come back.
 *   <li>Else neither is known to be, and the object has to be read again. A customer may fail twice in one second, and
 *       nothing in the two events says which came first.
 * </ol>
 *
 * Source: Stripe, "Receive Stripe events": deliveries are at least once and in no order; times have whole seconds.
 */
final class StateOrder {
    private static final Set<String> PAID = Set.of("paid", "no_payment_required");

    /** How an incoming state stands to the one that is known. */
    enum Verdict {
        LATER,
        EARLIER,
        /** Both were true in one second. */
        UNDECIDED
    }

    private StateOrder() {}

    /** How the observed state of the session stands to the one known. */
    static Verdict ofSession(CheckoutSession known, StripeSession incoming, Observation seen) {
        StripeSession before = known.stripe();
        Instant asOf = known.stripeAsOf();
        return before == null || asOf == null
                ? Verdict.LATER
                : judge(stage(incoming) - stage(before), asOf, known.heard(), seen);
    }

    /** How the observed state of the SetupIntent stands to the one known. */
    static Verdict ofSetupIntent(CheckoutSession known, SetupIntent incoming, Observation seen) {
        SetupIntent before = known.setupIntent();
        Instant asOf = known.setupIntentAsOf();
        return before == null || before.status() == null || asOf == null
                ? Verdict.LATER
                : judge(stage(incoming) - stage(before), asOf, known.heard(), seen);
    }

    /** How the observed state of what the session is paid through stands to the one known. */
    static Verdict ofPayment(CheckoutSession known, Payment incoming, Observation seen) {
        Payment before = known.payment();
        Instant asOf = known.paymentAsOf();
        return before == null || asOf == null || !before.id().equals(incoming.id())
                ? Verdict.LATER
                : judge(Boolean.compare(incoming.settled(), before.settled()), asOf, known.heard(), seen);
    }

    private static Verdict judge(int byStage, Instant knownAsOf, long heard, Observation seen) {
        int bySecond = Long.compare(seen.asOf().getEpochSecond(), knownAsOf.getEpochSecond());
        int order = byStage != 0 ? byStage : bySecond;
        if (order != 0) {
            return order > 0 ? Verdict.LATER : Verdict.EARLIER;
        }
        return seen.hasSeen(heard) ? Verdict.LATER : Verdict.UNDECIDED;
    }

    /** Stages follow each other in one direction only. */
    private static int stage(StripeSession session) {
        if (!session.status().terminal()) {
            return 0;
        }
        String payment = session.paymentStatus();
        return payment != null && PAID.contains(payment) ? 2 : 1;
    }

    private static int stage(SetupIntent intent) {
        return intent.isFinal() ? 1 : 0;
    }
}
