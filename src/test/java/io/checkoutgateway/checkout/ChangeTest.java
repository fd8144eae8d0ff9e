package io.checkoutgateway.checkout;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.jspecify.annotations.Nullable;

class ChangeTest {
    private static final Instant START = Instant.ofEpochSecond(1_790_000_000L);
    private static final SetupIntent.SetupError DECLINED =
            new SetupIntent.SetupError("card_declined", "generic_decline", "Your card was declined.");

    private static CheckoutSession creating() {
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
                START,
                START,
                null,
                1);
    }

    /** What the store does with an observation. */
    private static CheckoutSession after(CheckoutSession known, Observation seen) {
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
                        known.createdAt(),
                        known.updatedAt(),
                        known.completedAt(),
                        known.version() + (change.confirms(known) ? 0 : 1)))
                .orElse(known);
    }

    private static CheckoutSession afterAll(List<Observation> seen) {
        CheckoutSession session = creating();
        for (Observation observation : seen) {
            session = after(session, observation);
        }
        return session;
    }

    private record State(CheckoutStatus status, @Nullable StripeSession stripe, @Nullable SetupIntent setupIntent) {
        static State of(CheckoutSession session) {
            return new State(session.status(), session.stripe(), session.setupIntent());
        }
    }

    private static Observation at(int second, @Nullable StripeSession session, @Nullable SetupIntent intent) {
        return new Observation(
                session, intent, START.plusSeconds(second), Observation.Source.EVENT, "evt_" + second, "test");
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

    /** The life of a session in setup mode: tries in any number, each a second later, and one of three ends. */
    @Provide
    Arbitrary<List<Observation>> lives() {
        Arbitrary<SetupIntent> tries = Arbitraries.of(
                intent("requires_payment_method", null, DECLINED),
                intent("requires_action", "pm_1", null),
                intent("requires_action", "pm_2", null),
                intent("processing", "pm_2", null));
        Arbitrary<String> ends = Arbitraries.of("none", "complete", "expired");
        return tries.list().ofMaxSize(5).flatMap(tried -> ends.map(end -> life(tried, end)));
    }

    private static List<Observation> life(List<SetupIntent> tries, String end) {
        List<Observation> life = new ArrayList<>();
        // Created within one second: the answer to the create, and two events.
        life.add(at(0, session("open", "a"), null));
        life.add(at(0, null, intent("requires_payment_method", null, null)));
        int second = 1;
        for (SetupIntent tried : tries) {
            life.add(at(second++, null, tried));
        }
        life.add(at(second++, session("open", "b"), null));
        if (end.equals("complete")) {
            // Stripe tells both in the same second.
            life.add(at(second, null, intent("succeeded", "pm_9", null)));
            life.add(at(second, session("complete", "b"), null));
        }
        if (end.equals("expired")) {
            life.add(at(second, session("expired", "b"), null));
            life.add(at(second, null, intent("canceled", null, null)));
        }
        return life;
    }

    @Property(tries = 2_000)
    void of_anyOrderAndAnyNumberOfDeliveries_endsInTheSameState(
            @ForAll("lives") List<Observation> life, @ForAll Random random) {
        List<Observation> delivered = new ArrayList<>(life);
        for (Observation observation : life) {
            if (random.nextBoolean()) {
                delivered.add(observation);
            }
        }
        Collections.shuffle(delivered, random);

        assertThat(State.of(afterAll(delivered))).isEqualTo(State.of(afterAll(life)));
    }

    @Example
    void of_theSameAgain_isNoChange() {
        Observation open = at(0, session("open", "a"), null);

        assertThat(Change.of(afterAll(List.of(open)), open)).isEmpty();
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
