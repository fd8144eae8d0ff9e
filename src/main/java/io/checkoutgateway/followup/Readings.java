package io.checkoutgateway.followup;

import io.checkoutgateway.apps.StripeApp;
import io.checkoutgateway.checkout.CheckoutSession;
import io.checkoutgateway.checkout.Observation;
import io.checkoutgateway.checkout.StripeCheckout;
import io.checkoutgateway.failure.StripeFailure;
import io.checkoutgateway.followup.FollowUpCalls.SetupIntentSeen;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads from Stripe what was told incompletely, and has it written down. Reading twice changes nothing. */
public final class Readings {
    private static final Observation.Source SOURCE = Observation.Source.FOLLOW_UP;
    private static final String REASON = "read_again";
    private static final String GONE = "it is gone at Stripe";

    private final StripeCheckout sessions;
    private final FollowUpCalls stripe;
    private final Findings findings;

    public Readings(StripeCheckout sessions, FollowUpCalls stripe, Findings findings) {
        this.sessions = sessions;
        this.stripe = stripe;
        this.findings = findings;
    }

    /**
     * Reads a session with its SetupIntent or what it is paid through; like the others it answers what came of it, for
     * people.
     *
     * @param completedAt since when it is complete, where an event said so
     */
    Future<String> session(StripeApp app, String stripeSessionId, @Nullable Instant completedAt) {
        return orGone(
                stripeSessionId,
                findings.session(app, stripeSessionId)
                        .compose(known -> sessions.retrieve(app, stripeSessionId)
                                .compose(seen -> findings.write(
                                        app, observation(known, seen).completeSince(completedAt))))
                        .map(session -> outcome(session, "it was overtaken by another attempt")));
    }

    private static Observation observation(Optional<CheckoutSession> known, StripeCheckout.Snapshot seen) {
        return known.map(session -> Observation.reading(session, seen, SOURCE, REASON))
                .orElseGet(() -> Observation.of(seen, SOURCE, REASON));
    }

    /**
     * Reads a SetupIntent.
     *
     * @param setUpAt when its payment method was set up, where an event said so
     */
    Future<String> setupIntent(StripeApp app, String setupIntentId, @Nullable Instant setUpAt) {
        return orGone(
                setupIntentId,
                findings.sessionOfSetupIntent(app, setupIntentId)
                        .compose(known -> stripe.setupIntent(app, setupIntentId)
                                .compose(seen -> findings.writeSetupIntent(
                                        app, observation(known, seen), seen.gatewaySessionId(), setUpAt)))
                        .map(session -> outcome(session, "it belongs to no session kept here")));
    }

    private static Observation observation(Optional<CheckoutSession> known, SetupIntentSeen seen) {
        return known.map(session -> Observation.reading(session, seen.intent(), seen.asOf(), SOURCE, REASON))
                .orElseGet(() -> new Observation(null, seen.intent(), seen.asOf(), SOURCE, null, REASON));
    }

    /** Fetches the line items of a session. */
    Future<String> lineItems(StripeApp app, String stripeSessionId) {
        return orGone(
                stripeSessionId,
                stripe.lineItems(app, stripeSessionId)
                        .compose(seen -> findings.writeLineItems(app, stripeSessionId, seen.items(), seen.asOf()))
                        .map(stored -> stored ? "stored" : "newer ones are stored"));
    }

    private static String outcome(Optional<CheckoutSession> session, String otherwise) {
        return session.map(CheckoutSession::id).orElse(otherwise);
    }

    /** What Stripe does not have any more will not be there next time either; that something else is gone says nothing. */
    private static Future<String> orGone(String subject, Future<String> reading) {
        return reading.recover(failure -> StripeFailure.saysMissing(failure, subject)
                ? Future.succeededFuture(GONE)
                : Future.failedFuture(failure));
    }
}
