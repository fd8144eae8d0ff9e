package io.checkoutgateway.checkout;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.jqwik.api.Example;
import org.jspecify.annotations.Nullable;

class ChangeTest {
    static final Instant START = Instant.ofEpochSecond(1_790_000_000L);
    private static final SetupIntent.SetupError DECLINED =
            new SetupIntent.SetupError("card_declined", "generic_decline", "Your card was declined.");

    static CheckoutSession creating() {
        return new CheckoutSession(
                "01ARZ3NDEKTSV4RRFFQ69G5FAV",
                1,
                "test",
                "app",
                null,
                false,
                "customer",
                "cus_1",
                CheckoutStatus.CREATING,
                null,
                null,
                null,
                Map.of(),
                null,
                null,
                null,
                null,
                START,
                START,
                null,
                1,
                1);
    }

    /** What the store does with an observation. */
    static CheckoutSession after(CheckoutSession known, Observation seen) {
        return Change.of(known, seen)
                .map(change -> new CheckoutSession(
                        known.id(),
                        known.djstripeId(),
                        known.namespace(),
                        known.appId(),
                        known.accountId(),
                        known.livemode(),
                        known.customerId(),
                        known.stripeCustomerId(),
                        change.status(),
                        known.failure(),
                        change.stripe(),
                        change.stripeAsOf(),
                        known.requestedMetadata(),
                        change.setupIntent(),
                        change.setupIntentAsOf(),
                        change.payment(),
                        change.paymentAsOf(),
                        known.createdAt(),
                        known.updatedAt(),
                        change.completedAt(),
                        known.version() + (change.confirms(known) ? 0 : 1),
                        known.heard() + 1))
                .orElse(known);
    }

    private static CheckoutSession afterAll(List<Observation> seen) {
        CheckoutSession session = creating();
        for (Observation observation : seen) {
            session = after(session, observation);
        }
        return session;
    }

    private static Observation at(int second, @Nullable StripeSession session, @Nullable SetupIntent intent) {
        return new Observation(
                session, intent, START.plusSeconds(second), Observation.Source.EVENT, "evt_" + second, "test");
    }

    private static StripeCheckout.Snapshot snapshot(
            @Nullable StripeSession session, @Nullable SetupIntent intent, int second) {
        StripeSession any = session == null ? session("open", "a") : session;
        return new StripeCheckout.Snapshot(any, intent, null, START.plusSeconds(second));
    }

    private static Observation reading(CheckoutSession known, StripeCheckout.Snapshot snapshot) {
        return Observation.reading(known, snapshot, Observation.Source.FOLLOW_UP, "read_session");
    }

    private static StripeSession session(String status, String note) {
        return StripeSession.of(StripeSessionTest.session()
                .put("status", status)
                .put("payment_status", status.equals("complete") ? "no_payment_required" : "unpaid")
                .put("setup_intent", "seti_1")
                .put("metadata", new JsonObject().put("note", note)));
    }

    private static SetupIntent intent(String status, @Nullable String method, SetupIntent.@Nullable SetupError error) {
        return new SetupIntent("seti_1", status, method, error);
    }

    @Example
    void of_unpaidAndPaidInTheSameSecond_isPaidInEitherOrder() {
        // Mirrors that keep a row unless the event's time is greater stay at `unpaid` here: the public defect of
        // comparing whole seconds only.
        Observation completed = at(5, payment("complete", "unpaid"), null);
        Observation paid = at(5, payment("complete", "paid"), null);

        assertThat(afterAll(List.of(completed, paid)).stripe()).isEqualTo(paid.session());
        assertThat(afterAll(List.of(paid, completed)).stripe()).isEqualTo(paid.session());
        assertThat(Change.of(afterAll(List.of(completed)), paid))
                .hasValueSatisfying(change -> assertThat(change.undecided()).isFalse());
    }

    @Example
    void of_paidLongAgoAndAnUnpaidStateThatClaimsToBeNewer_staysPaid() {
        CheckoutSession paid = afterAll(List.of(at(5, payment("complete", "paid"), null)));

        assertThat(Change.of(paid, at(9, payment("complete", "unpaid"), null))).isEmpty();
    }

    @Example
    void of_twoFailuresInOneSecond_isLeftToStripe() {
        CheckoutSession failed = afterAll(List.of(at(5, null, intent("requires_payment_method", null, DECLINED))));

        assertThat(Change.of(failed, at(5, null, intent("requires_action", "pm_1", null))))
                .hasValueSatisfying(change -> assertThat(change.undecided()).isTrue());
    }

    @Example
    void of_readingBegunAfterBothWereKnown_decides() {
        SetupIntent truth = intent("requires_payment_method", null, DECLINED);
        CheckoutSession tied =
                afterAll(List.of(at(5, null, truth), at(5, null, intent("requires_action", "pm_1", null))));

        Optional<Change> read = Change.of(tied, reading(tied, snapshot(null, truth, 4)));

        assertThat(read).hasValueSatisfying(change -> {
            assertThat(change.setupIntent()).isEqualTo(truth);
            assertThat(change.undecided()).isFalse();
        });
    }

    @Example
    void of_readingThatAnEventOfItsSecondOvertook_decidesNothing() {
        CheckoutSession before = afterAll(List.of(at(4, null, intent("requires_payment_method", null, null))));
        Observation reading = reading(before, snapshot(null, intent("requires_payment_method", null, DECLINED), 5));
        CheckoutSession overtaken = after(before, at(5, null, intent("requires_action", "pm_1", null)));

        assertThat(Change.of(overtaken, reading))
                .hasValueSatisfying(change -> assertThat(change.undecided()).isTrue());
    }

    private static StripeSession payment(String status, String paymentStatus) {
        return StripeSession.of(StripeSessionTest.session()
                .put("mode", "payment")
                .put("status", status)
                .put("payment_status", paymentStatus));
    }

    @Example
    void of_theSameAgain_isNoChange() {
        Observation open = at(0, session("open", "a"), null);

        assertThat(Change.of(afterAll(List.of(open)), open))
                .hasValueSatisfying(change ->
                        assertThat(change.confirms(afterAll(List.of(open)))).isTrue());
    }

    @Example
    void of_stillTrueLater_isNoNewsAndKeepsOutWhatWasInBetween() {
        SetupIntent declined = intent("requires_payment_method", null, DECLINED);
        CheckoutSession first = afterAll(List.of(at(1, null, declined)));

        CheckoutSession confirmed = after(first, at(9, null, declined));

        assertThat(confirmed.version()).isEqualTo(first.version());
        assertThat(after(confirmed, at(5, null, intent("requires_action", "pm_1", null)))
                        .setupIntent())
                .isEqualTo(declined);
    }

    @Example
    void of_readingThatAConfirmationOfItsSecondOvertook_decidesNothing() {
        SetupIntent one = intent("requires_payment_method", null, DECLINED);
        SetupIntent two = intent("requires_action", "pm_1", null);
        CheckoutSession tied = afterAll(List.of(at(5, null, two), at(5, null, one)));
        // Stripe is at two when the reading is made, and back at one before its second is over.
        Observation reading = reading(tied, snapshot(null, two, 5));
        CheckoutSession told = after(tied, at(5, null, one));

        assertThat(Change.of(told, reading))
                .hasValueSatisfying(change -> assertThat(change.undecided()).isTrue());
    }

    @Example
    void of_memberThatStripeAddedAndSaysNothing_isNoNews() {
        JsonObject details = new JsonObject().put("email", "a@example.com");
        JsonObject object = payment("open", "unpaid").object().copy().put("customer_details", details);
        JsonObject grown = object.copy().putNull("added");
        grown.getJsonObject("customer_details").putNull("added");
        CheckoutSession open = afterAll(List.of(at(0, StripeSession.of(object), null)));

        assertThat(Change.of(open, at(9, StripeSession.of(grown), null)))
                .hasValueSatisfying(change -> assertThat(change.confirms(open)).isTrue());
        assertThat(Change.of(open, at(9, StripeSession.of(grown.copy().put("added", 1)), null)))
                .hasValueSatisfying(change -> assertThat(change.confirms(open)).isFalse());
    }

    @Example
    void of_completedAndPaidLater_becameCompleteWhenItWasFirstComplete() {
        Observation completed = at(1, payment("complete", "unpaid"), null);
        Observation paid = at(3600, payment("complete", "paid"), null);

        assertThat(afterAll(List.of(completed, paid)).completedAt()).isEqualTo(START.plusSeconds(1));
        assertThat(afterAll(List.of(paid, completed)).completedAt()).isEqualTo(START.plusSeconds(1));
        assertThat(afterAll(List.of(paid, completed)).stripe()).isEqualTo(paid.session());
    }

    @Example
    void of_readAgainWithAnEarlierDate_doesNotMoveTheCompletion() {
        StripeSession complete = payment("complete", "paid");
        CheckoutSession read = afterAll(List.of(copied(complete, 950)));

        // Answers are dated by whole seconds less what the call took: the second call took longer.
        assertThat(after(read, copied(complete, 900)).completedAt()).isEqualTo(read.completedAt());
    }

    private static Observation copied(StripeSession session, int millis) {
        return new Observation(session, null, START.plusMillis(millis), Observation.Source.BACKFILL, null, "backfill");
    }

    @Example
    void isOpenEnded_completeWithAnOutcomeToCome_untilItIsKnown() {
        CheckoutSession opened = afterAll(List.of(at(0, session("open", "a"), null)));

        assertThat(openEnded(opened, at(1, session("complete", "a"), null))).isTrue();
        assertThat(openEnded(opened, at(1, session("complete", "a"), intent("processing", "pm_1", null))))
                .isTrue();
        assertThat(openEnded(opened, at(1, session("complete", "a"), intent("succeeded", "pm_1", null))))
                .isFalse();
        assertThat(openEnded(opened, at(1, session("expired", "a"), null))).isFalse();
        assertThat(openEnded(creating(), at(1, payment("complete", "unpaid"), null)))
                .isTrue();
        assertThat(openEnded(creating(), at(1, payment("complete", "paid"), null)))
                .isFalse();
    }

    private static boolean openEnded(CheckoutSession known, Observation seen) {
        return Change.of(known, seen).orElseThrow().isOpenEnded();
    }

    private static StripeSession paying(String status) {
        return StripeSession.of(StripeSessionTest.session()
                .put("mode", "payment")
                .put("status", status)
                .put("payment_status", status.equals("complete") ? "paid" : "unpaid")
                .put("payment_intent", "pi_1"));
    }

    private static Observation paid(int second, boolean settled, @Nullable String method) {
        return Observation.told(
                new Payment("pi_1", settled, method), START.plusSeconds(second), "evt_p" + second, "test");
    }

    @Example
    void isOpenEnded_paidThroughWhatIsNotKnown_untilItIsSettled() {
        CheckoutSession complete = after(creating(), at(1, paying("complete"), null));

        assertThat(openEnded(creating(), at(1, paying("complete"), null))).isTrue();
        assertThat(openEnded(complete, paid(1, false, "pm_1"))).isTrue();
        assertThat(openEnded(complete, paid(1, true, "pm_1"))).isFalse();
        assertThat(openEnded(complete, paid(1, true, null)))
                .as("a trial without a payment method")
                .isFalse();
    }

    @Example
    void of_paymentThatSucceededAndWasUnderWayInTheSameSecond_hasItsPaymentMethodInEitherOrder() {
        Observation complete = at(5, paying("complete"), null);

        for (List<Observation> order : List.of(
                List.of(complete, paid(5, false, "pm_0"), paid(5, true, "pm_1")),
                List.of(complete, paid(5, true, "pm_1"), paid(5, false, "pm_0")))) {
            assertThat(afterAll(order).paymentMethodId()).isEqualTo("pm_1");
        }
    }

    @Example
    void of_paymentOfAnotherSession_isNoNewsOfThisOne() {
        CheckoutSession setup = afterAll(List.of(at(5, session("complete", "a"), null)));

        assertThat(Change.of(setup, paid(9, true, "pm_1"))).isEmpty();
    }

    @Example
    void of_subscriptionThatChangesInTwoWaysInOneSecond_isLeftToStripe() {
        CheckoutSession first = afterAll(List.of(at(5, paying("complete"), null), paid(9, true, "pm_1")));

        assertThat(Change.of(first, paid(9, true, "pm_2")))
                .hasValueSatisfying(change -> assertThat(change.undecided()).isTrue());
    }

    @Example
    void confirms_paymentThatSettlesWithTheMethodThatIsKnown_isNoNews() {
        CheckoutSession underWay = afterAll(List.of(at(5, paying("complete"), null), paid(5, false, "pm_1")));

        assertThat(Change.of(underWay, paid(9, true, "pm_1")))
                .hasValueSatisfying(
                        change -> assertThat(change.confirms(underWay)).isTrue());
    }

    @Example
    void of_sessionThatIsPaidThroughSomethingElse_forgetsTheFirst() {
        CheckoutSession first = afterAll(List.of(at(5, paying("open"), null), paid(5, false, "pm_1")));
        StripeSession other =
                StripeSession.of(paying("complete").object().copy().put("payment_intent", "pi_2"));

        assertThat(after(first, at(9, other, null)).paymentMethodId()).isNull();
    }

    @Example
    void of_finalState_neverReverts() {
        CheckoutSession complete = afterAll(List.of(at(5, session("complete", "a"), null)));

        CheckoutSession later = after(complete, at(99, session("open", "a"), null));

        assertThat(later.status()).isEqualTo(CheckoutStatus.COMPLETE);
    }

    @Example
    void of_anotherAttemptsSession_isNoNewsOfThisOne() {
        CheckoutSession open = afterAll(List.of(at(5, session("open", "a"), null)));
        StripeSession other = StripeSession.of(
                StripeSessionTest.session().put("id", "cs_test_2").put("status", "expired"));

        assertThat(Change.of(open, at(9, other, null))).isEmpty();
    }

    @Example
    void of_failedCreateThatStripeOpenedAfterAll_isOpen() {
        CheckoutSession open = afterAll(List.of(at(0, session("open", "a"), null)));

        assertThat(open.status()).isEqualTo(CheckoutStatus.OPEN);
        assertThat(open.setupIntent()).isEqualTo(new SetupIntent("seti_1", null, null, null));
    }
}
