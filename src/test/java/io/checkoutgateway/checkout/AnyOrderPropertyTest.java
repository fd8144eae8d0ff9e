package io.checkoutgateway.checkout;

import static org.assertj.core.api.Assertions.assertThat;

import io.checkoutgateway.checkout.StripeCheckout.Snapshot;
import io.checkoutgateway.testing.Fuzz;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tag;
import org.jspecify.annotations.Nullable;

/**
 * Stripe and the gateway side by side, step by step in an order that chance decides: things happen to a session at
 * Stripe, several of them within one second; events are delivered late, twice and shuffled, some in another API version;
 * what they leave open is read again, with events overtaking the reading. At the end the row says what Stripe says.
 */
class AnyOrderPropertyTest {
    /** Something that happens at Stripe. */
    private enum Step {
        /** A card is declined. */
        DECLINED,
        /** Another one is declined for another reason. */
        EXPIRED_CARD,
        /** The bank wants to see the customer. */
        CHALLENGED,
        /** A debit takes its time. */
        PROCESSING,
        /** Someone edits the session's metadata: an event of no session tells it, but the next one shows it. */
        EDITED
    }

    private enum Mode {
        SETUP,
        PAYMENT
    }

    private enum End {
        NONE,
        COMPLETE,
        COMPLETE_AND_PAID_LATER,
        COMPLETE_AND_NEVER_PAID,
        EXPIRED
    }

    /** @param pauses the seconds before each step, mostly none */
    private record Life(Mode mode, List<Step> steps, End end, List<Integer> pauses) {}

    @Provide
    Arbitrary<Life> lives() {
        return Combinators.combine(
                        Arbitraries.of(Mode.class),
                        Arbitraries.of(Step.class).list().ofMaxSize(6),
                        Arbitraries.of(End.class),
                        Arbitraries.of(0, 0, 0, 1, 7).list().ofSize(12))
                .as(Life::new);
    }

    @Property(tries = 20_000, seed = Fuzz.PROPERTY_SEED)
    void rows_anyOrderDuplicationAndDelay_endAsStripeSays(@ForAll("lives") Life life, @ForAll Random chance) {
        endsAsStripeSays(life, chance);
    }

    /** With a seed of its own each time, which it tells: some orders come once in three hundred thousand. */
    @Property(tries = 1_000_000)
    @Tag("slow")
    void rows_aMillionOrders_endAsStripeSays(@ForAll("lives") Life life, @ForAll Random chance) {
        endsAsStripeSays(life, chance);
    }

    private static void endsAsStripeSays(Life life, Random chance) {
        World stripe = new World(life);
        Mirror gateway = new Mirror(chance);

        while (stripe.goesOn() || gateway.hasWork()) {
            if (stripe.goesOn() && chance.nextInt(3) == 0) {
                stripe.next().forEach(gateway::willHear);
            } else {
                gateway.step(stripe);
            }
        }

        assertThat(gateway.row.stripe()).isEqualTo(stripe.session());
        assertThat(gateway.row.setupIntent()).isEqualTo(stripe.intent);
        assertThat(gateway.row.status()).isEqualTo(stripe.session().status());
        assertThat(gateway.row.completedAt()).isEqualTo(stripe.completedAt);
    }

    /** What is true at Stripe, and the events that say so. */
    private static final class World {
        private final Life life;
        private final List<Runnable> future = new ArrayList<>();
        private final JsonObject session = StripeSessionTest.session();
        private final List<Observation> told = new ArrayList<>();
        private @Nullable SetupIntent intent;
        private @Nullable Instant completedAt;
        private Instant now = ChangeTest.START;
        private int done;

        World(Life life) {
            this.life = life;
            session.put("mode", life.mode() == Mode.SETUP ? "setup" : "payment").put("payment_status", "unpaid");
            future.add(this::open);
            life.steps().forEach(step -> future.add(() -> happen(step)));
            end(life.end());
            // The last word is an event's: what is only edited is told by nobody.
            future.add(this::tellAll);
        }

        boolean goesOn() {
            return done < future.size();
        }

        /** Lets the next thing happen; answers the events about it. */
        List<Observation> next() {
            now = now.plusSeconds(life.pauses().get(done % life.pauses().size()));
            told.clear();
            future.get(done++).run();
            return List.copyOf(told);
        }

        StripeSession session() {
            return StripeSession.of(session);
        }

        Snapshot read() {
            return new Snapshot(session(), intent, now);
        }

        private void open() {
            if (life.mode() == Mode.SETUP) {
                session.put("setup_intent", "seti_1").put("payment_status", "no_payment_required");
                intent = new SetupIntent("seti_1", "requires_payment_method", null, null);
            } else {
                session.putNull("setup_intent");
            }
            tell(session(), null);
        }

        private void happen(Step step) {
            if (step == Step.EDITED || life.mode() == Mode.PAYMENT) {
                session.put("metadata", new JsonObject().put("edit", String.valueOf(done)));
                return;
            }
            intent = switch (step) {
                case DECLINED -> failed("card_declined");
                case EXPIRED_CARD -> failed("expired_card");
                case CHALLENGED -> new SetupIntent("seti_1", "requires_action", "pm_" + done, null);
                default -> new SetupIntent("seti_1", "processing", "pm_" + done, null);
            };
            tell(null, intent);
        }

        private static SetupIntent failed(String code) {
            SetupIntent.SetupError error = new SetupIntent.SetupError(code, null, "No.");
            return new SetupIntent("seti_1", "requires_payment_method", null, error);
        }

        private void end(End end) {
            switch (end) {
                case NONE -> {}
                case EXPIRED -> future.add(() -> ended("expired", null, "canceled"));
                case COMPLETE -> future.add(() -> ended("complete", "paid", "succeeded"));
                default -> {
                    future.add(() -> ended("complete", "unpaid", "succeeded"));
                    future.add(() -> settled(end == End.COMPLETE_AND_PAID_LATER ? "paid" : "unpaid"));
                }
            }
        }

        private void ended(String status, @Nullable String paymentStatus, String intentStatus) {
            session.put("status", status);
            completedAt = status.equals("complete") ? now : null;
            if (life.mode() == Mode.PAYMENT && paymentStatus != null) {
                session.put("payment_status", paymentStatus);
            }
            if (intent != null) {
                intent = new SetupIntent("seti_1", intentStatus, "pm_last", null);
                tell(null, intent);
            }
            tell(session(), null);
        }

        private void settled(String paymentStatus) {
            if (life.mode() == Mode.PAYMENT) {
                session.put("payment_status", paymentStatus);
            }
            session.put("metadata", new JsonObject().put("settled", "yes"));
            tell(session(), null);
        }

        private void tellAll() {
            tell(session(), null);
            if (intent != null) {
                tell(null, intent);
            }
        }

        private void tell(@Nullable StripeSession toldSession, @Nullable SetupIntent toldIntent) {
            told.add(new Observation(
                    toldSession, toldIntent, now, Observation.Source.EVENT, "evt_" + done + told.size(), "test"));
        }
    }

    /** A row, the deliveries on their way to it, and the reading that it wants. */
    private static final class Mirror {
        private final Random chance;
        private final List<Observation> onTheWay = new ArrayList<>();
        private CheckoutSession row = ChangeTest.creating();
        private boolean wantsReading;
        private @Nullable Instant completeSince;
        private @Nullable Observation reading;

        Mirror(Random chance) {
            this.chance = chance;
        }

        void willHear(Observation event) {
            onTheWay.add(event);
            if (chance.nextInt(4) == 0) {
                onTheWay.add(event);
            }
        }

        boolean hasWork() {
            return !onTheWay.isEmpty() || wantsReading || reading != null;
        }

        void step(World stripe) {
            boolean mayRead = wantsReading || reading != null;
            // A reading is slow, so that much may happen and be told meanwhile.
            boolean patience = reading == null ? chance.nextBoolean() : chance.nextInt(6) > 0;
            if (!onTheWay.isEmpty() && (!mayRead || patience)) {
                hear(onTheWay.remove(chance.nextInt(onTheWay.size())));
            } else if (reading != null) {
                if (!stripe.goesOn() || !patience) {
                    Observation finished = reading;
                    reading = null;
                    learn(finished);
                }
            } else if (wantsReading) {
                wantsReading = false;
                reading = Observation.reading(row, stripe.read(), Observation.Source.FOLLOW_UP, "read_session")
                        .completeSince(completeSince);
                completeSince = null;
            }
        }

        /** One that is written in another API version tells what its type says, and calls for a reading. */
        private void hear(Observation event) {
            if (chance.nextInt(5) > 0) {
                learn(event);
                return;
            }
            wantsReading = true;
            boolean complete = event.session() != null && event.session().status() == CheckoutStatus.COMPLETE;
            if (complete && (completeSince == null || event.asOf().isBefore(completeSince))) {
                completeSince = event.asOf();
            }
        }

        private void learn(Observation seen) {
            Optional<Change> change = Change.of(row, seen);
            wantsReading |= change.isPresent() && change.get().undecided();
            row = ChangeTest.after(row, seen);
        }
    }
}
