package io.checkoutgateway.store;

import static io.checkoutgateway.store.InboxOnPostgres.APP;
import static io.checkoutgateway.store.InboxOnPostgres.CUSTOMER;
import static io.checkoutgateway.store.InboxOnPostgres.event;
import static io.checkoutgateway.store.InboxOnPostgres.orders;
import static io.checkoutgateway.store.InboxOnPostgres.session;
import static io.checkoutgateway.store.InboxOnPostgres.setupIntent;
import static io.checkoutgateway.testing.TestGateway.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.checkoutgateway.checkout.Observation;
import io.checkoutgateway.checkout.SetupIntent;
import io.checkoutgateway.checkout.StripeSession;
import io.checkoutgateway.mirror.MirrorSessions;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class DefaultPaymentMethodsTest {
    @RegisterExtension
    private static final InboxOnPostgres INBOX = new InboxOnPostgres();

    @BeforeEach
    void twoSessionsOfOneCustomer() {
        INBOX.forgetAll();
        INBOX.execute("INSERT INTO stripe_customer_links (id, namespace, app_id, customer_id, stripe_customer_id,"
                + " parameters) VALUES ('01KAMZ2V5Q8XG6T4N9R3W7B1CG', 'test', '%s', '%s', 'cus_1', '{}')"
                        .formatted(APP, CUSTOMER));
        INBOX.addOurs("01KAMZ2V5Q8XG6T4N9R3W7B1CH", "cs_a", "seti_a");
        INBOX.addOurs("01KAMZ2V5Q8XG6T4N9R3W7B1CJ", "cs_b", "seti_b");
    }

    private static JsonObject setUp(String intent, String method, int second) {
        return event(
                "setup_intent.succeeded",
                second,
                setupIntent(intent, "succeeded").put("payment_method", method).put("customer", "cus_1"));
    }

    private static JsonObject detached(String method, int second) {
        return event(
                "payment_method.detached",
                second,
                new JsonObject()
                        .put("id", method)
                        .put("object", "payment_method")
                        .putNull("customer"));
    }

    private static JsonObject chosenAtStripe(String method, int second) {
        JsonObject customer = new JsonObject()
                .put("id", "cus_1")
                .put("object", "customer")
                .put("invoice_settings", new JsonObject().put("default_payment_method", method));
        JsonObject updated = event("customer.updated", second, customer);
        updated.getJsonObject("data")
                .put(
                        "previous_attributes",
                        new JsonObject().put("invoice_settings", new JsonObject().putNull("default_payment_method")));
        return updated;
    }

    /** In every order of the events, and wherever between them Stripe was told what the link held then. */
    private static void always(String expected, JsonObject... told) {
        DefaultPaymentMethodsTest fresh = new DefaultPaymentMethodsTest();
        for (List<JsonObject> order : orders(List.of(told))) {
            for (int telling = 0; telling < order.size(); telling++) {
                fresh.twoSessionsOfOneCustomer();
                INBOX.hear(order.subList(0, telling));
                told();
                INBOX.hear(order.subList(telling, order.size()));

                assertThat(held()).as("told after %d of %s", telling, order).containsExactly(List.of(expected));
            }
        }
    }

    @Test
    void choose_severalSetUps_theLastOneMadeHolds() {
        always("pm_b", setUp("seti_a", "pm_a", 1), setUp("seti_b", "pm_b", 2));
    }

    @Test
    void choose_twoInOneSecond_endAlike() {
        always("pm_b", setUp("seti_a", "pm_a", 1), setUp("seti_b", "pm_b", 1));
    }

    @Test
    void choose_twoInOneSecondAndOneIsDetached_endAlike() {
        always("null", setUp("seti_a", "pm_a", 1), setUp("seti_b", "pm_b", 1), detached("pm_b", 3));
        always("pm_b", setUp("seti_a", "pm_a", 1), setUp("seti_b", "pm_b", 1), detached("pm_a", 3));
    }

    @Test
    void choose_greaterOfOneSecondAfterStripeWasToldOfTheOther_isToldAgain() {
        INBOX.hear(List.of(setUp("seti_a", "pm_a", 1)));
        told();

        INBOX.hear(List.of(setUp("seti_b", "pm_b", 1)));

        assertThat(held()).containsExactly(List.of("pm_b"));
        assertThat(known()).containsExactly(List.of("pm_a"));
        isLookedAt();
    }

    @Test
    void choose_lesserOfOneSecondAfterStripeWasTold_changesNothing() {
        INBOX.hear(List.of(setUp("seti_b", "pm_b", 1)));
        told();

        INBOX.hear(List.of(setUp("seti_a", "pm_a", 1)));

        assertThat(held()).containsExactly(List.of("pm_b"));
        assertThat(INBOX.rows("SELECT kind FROM follow_ups")).isEmpty();
    }

    @Test
    void choose_chosenAtStripeAfterwards_isNotOverwrittenByWhatCameLate() {
        always("pm_c", setUp("seti_a", "pm_a", 1), chosenAtStripe("pm_c", 2), setUp("seti_b", "pm_b", 1));
    }

    @Test
    void clear_detachedDefault_isNoneInEveryOrder() {
        always("null", setUp("seti_a", "pm_a", 1), setUp("seti_b", "pm_b", 2), detached("pm_b", 3));
    }

    @Test
    void clear_detachedOther_changesNothing() {
        always("pm_b", setUp("seti_a", "pm_a", 1), setUp("seti_b", "pm_b", 2), detached("pm_a", 3));
    }

    @Test
    void choose_setUp_isToBeToldToStripeOnce() {
        INBOX.hear(List.of(setUp("seti_a", "pm_a", 1), setUp("seti_b", "pm_b", 2)));

        assertThat(INBOX.rows("SELECT kind, subject FROM follow_ups"))
                .containsExactly(List.of("set_default_payment_method", "01KAMZ2V5Q8XG6T4N9R3W7B1CG"));
    }

    @Test
    void choose_backfilled_isToldInTheBackgroundUntilItIsHeard() {
        PgMirrorSessions sessions = new PgMirrorSessions(INBOX.postgres);
        JsonObject complete =
                session("cs_a", "seti_a").put("status", "complete").put("customer", "cus_1");
        Observation listed = new Observation(
                StripeSession.of(complete),
                new SetupIntent("seti_a", "succeeded", "pm_a", null),
                InboxOnPostgres.START.plusSeconds(60),
                Observation.Source.BACKFILL,
                null,
                "backfill");

        assertThat(await(sessions.apply(InboxOnPostgres.app(), listed))).isEqualTo(MirrorSessions.Applied.CHANGED);

        String wishes = "SELECT kind, background FROM follow_ups";
        assertThat(INBOX.rows(wishes)).containsExactly(List.of("set_default_payment_method", "t"));
        INBOX.hear(List.of(setUp("seti_a", "pm_a", 1)));
        assertThat(INBOX.rows(wishes)).containsExactly(List.of("set_default_payment_method", "f"));
    }

    @Test
    void choose_setUpInAConnectedAccount_isToBeToldThere() {
        INBOX.execute("UPDATE stripe_customer_links SET account = 'acct_connected'");

        INBOX.hear(List.of(setUp("seti_a", "pm_a", 1)));

        assertThat(INBOX.rows("SELECT kind, account FROM follow_ups"))
                .containsExactly(List.of("set_default_payment_method", "acct_connected"));
    }

    @Test
    void choose_chosenAtStripe_isNotToldBack() {
        INBOX.hear(List.of(chosenAtStripe("pm_c", 2)));

        assertThat(INBOX.rows(
                        "SELECT default_payment_method_id, default_payment_method_set FROM stripe_customer_links"))
                .containsExactly(List.of("pm_c", "pm_c"));
        assertThat(INBOX.rows("SELECT kind FROM follow_ups")).isEmpty();
    }

    private static JsonObject echo(String method, int second) {
        return chosenAtStripe(method, second)
                .put("request", new JsonObject().put("id", "req_1").put("idempotency_key", "cgw-default-1"));
    }

    private static List<List<String>> held() {
        return INBOX.rows("SELECT default_payment_method_id FROM stripe_customer_links");
    }

    /** A follow-up, which takes over what Stripe holds. */
    private static void isLookedAt() {
        assertThat(INBOX.rows("SELECT kind FROM follow_ups")).containsExactly(List.of("set_default_payment_method"));
    }

    /** As if Stripe had been told what the link holds, and the follow-up were done. */
    private static void told() {
        INBOX.execute("UPDATE stripe_customer_links SET default_payment_method_set = default_payment_method_id");
        INBOX.execute("DELETE FROM follow_ups");
    }

    @Test
    void choose_echoOfWhatTheLinkHolds_isNoNews() {
        INBOX.hear(List.of(setUp("seti_b", "pm_b", 2)));
        told();

        INBOX.hear(List.of(echo("pm_b", 9)));

        assertThat(held()).containsExactly(List.of("pm_b"));
        assertThat(INBOX.rows("SELECT kind FROM follow_ups")).isEmpty();
    }

    private static List<List<String>> known() {
        return INBOX.rows("SELECT default_payment_method_set FROM stripe_customer_links");
    }

    @Test
    void choose_echoOfWhatNobodyLivedToHear_isKnownFromThenOn() {
        INBOX.hear(List.of(setUp("seti_b", "pm_b", 2)));

        INBOX.hear(List.of(echo("pm_b", 3)));

        assertThat(known()).containsExactly(List.of("pm_b"));
    }

    @Test
    void choose_echoFromBeforeTheChoice_saysNothingOfWhatStripeHoldsNow() {
        INBOX.hear(List.of(setUp("seti_b", "pm_b", 6)));
        told();

        INBOX.hear(List.of(echo("pm_a", 5)));

        assertThat(known()).containsExactly(List.of("pm_b"));
    }

    @Test
    void choose_setUpThatTellingWasGivenUpFor_isToldAgainWhenItIsReplayed() {
        JsonObject setUp = setUp("seti_a", "pm_a", 1);
        INBOX.hear(List.of(setUp));
        INBOX.execute("DELETE FROM follow_ups");

        INBOX.execute("UPDATE stripe_events SET state = 'pending', next_attempt_at = now()");
        assertThat(INBOX.settle()).isNotEmpty();

        isLookedAt();
    }

    @Test
    void choose_setUpThatStripeKnowsOf_isNotToldAgain() {
        INBOX.hear(List.of(setUp("seti_a", "pm_a", 1)));
        told();

        INBOX.execute("UPDATE stripe_events SET state = 'pending', next_attempt_at = now()");
        assertThat(INBOX.settle()).isNotEmpty();

        assertThat(INBOX.rows("SELECT kind FROM follow_ups")).isEmpty();
    }

    @Test
    void clear_beforeStripeWasToldOfIt_hasTheOneBeforeClearedThere() {
        INBOX.hear(List.of(setUp("seti_a", "pm_a", 1)));
        told();
        INBOX.hear(List.of(setUp("seti_b", "pm_b", 2)));
        INBOX.execute("DELETE FROM follow_ups");

        INBOX.hear(List.of(detached("pm_b", 3)));

        assertThat(held()).containsExactly(List.of("null"));
        assertThat(known()).containsExactly(List.of("pm_a"));
        isLookedAt();
    }

    @Test
    void choose_noneAtStripeBecauseTheOneBeforeWasDetached_leavesTheNewerSetUp() {
        always(
                "pm_b",
                setUp("seti_a", "pm_a", 1),
                setUp("seti_b", "pm_b", 2),
                detached("pm_a", 3),
                noneInsteadOf("pm_a", 3));
    }

    @Test
    void choose_noneAtStripeInsteadOfWhatTheLinkHolds_isNone() {
        INBOX.hear(List.of(setUp("seti_a", "pm_a", 1), noneInsteadOf("pm_a", 3)));

        assertThat(held()).containsExactly(List.of("null"));
    }

    private static JsonObject noneInsteadOf(String method, int second) {
        JsonObject updated = chosenAtStripe("pm_any", second);
        JsonObject data = updated.getJsonObject("data");
        data.getJsonObject("object").getJsonObject("invoice_settings").putNull("default_payment_method");
        data.getJsonObject("previous_attributes")
                .getJsonObject("invoice_settings")
                .put("default_payment_method", method);
        return updated;
    }

    @Test
    void clear_whatStripeHolds_isNotToldBack() {
        INBOX.hear(List.of(setUp("seti_a", "pm_a", 1)));
        told();

        INBOX.hear(List.of(detached("pm_a", 3)));

        assertThat(known()).containsExactly(List.of("null"));
        assertThat(INBOX.rows("SELECT kind FROM follow_ups")).isEmpty();
    }

    @Test
    void choose_setUpOfWhatWasDetached_hasTheOneBeforeClearedAtStripe() {
        INBOX.hear(List.of(setUp("seti_a", "pm_a", 1)));
        told();

        INBOX.hear(List.of(detached("pm_b", 3), setUp("seti_b", "pm_b", 2)));

        assertThat(held()).containsExactly(List.of("null"));
        isLookedAt();
    }

    @Test
    void choose_atStripeAfterNoneWasTold_isLookedAt() {
        INBOX.hear(List.of(setUp("seti_a", "pm_a", 1), detached("pm_a", 2)));
        INBOX.execute("DELETE FROM follow_ups");

        INBOX.hear(List.of(chosenAtStripe("pm_c", 3)));

        assertThat(held()).containsExactly(List.of("pm_c"));
        isLookedAt();
    }

    @Test
    void choose_echoOfSomethingElse_isLookedAt() {
        INBOX.hear(List.of(setUp("seti_b", "pm_b", 1)));
        told();
        INBOX.hear(List.of(chosenAtStripe("pm_c", 3)));
        INBOX.execute("DELETE FROM follow_ups");

        INBOX.hear(List.of(echo("pm_b", 5)));

        assertThat(held()).containsExactly(List.of("pm_c"));
        isLookedAt();
    }

    @Test
    void choose_echoOfWhatAnotherSetUpReplacedBefore_isNoNews() {
        INBOX.hear(List.of(setUp("seti_b", "pm_b", 6)));
        told();

        INBOX.hear(List.of(echo("pm_a", 5)));

        assertThat(held()).containsExactly(List.of("pm_b"));
        assertThat(INBOX.rows("SELECT kind FROM follow_ups")).isEmpty();
    }

    @Test
    void choose_atStripeWhileStripeWasBeingTold_isLookedAt() {
        INBOX.hear(List.of(setUp("seti_a", "pm_z", 1)));
        told();
        INBOX.hear(List.of(echo("pm_z", 5)));

        INBOX.hear(List.of(chosenAtStripe("pm_b", 3)));

        assertThat(held()).containsExactly(List.of("pm_b"));
        isLookedAt();
    }

    @Test
    void choose_atStripeInTheSecondOfASetUp_isLookedAtWhateverTheirIds() {
        for (String theirs : List.of("pm_a", "pm_z")) {
            twoSessionsOfOneCustomer();
            INBOX.hear(List.of(setUp("seti_a", "pm_k", 1)));
            INBOX.execute("DELETE FROM follow_ups");

            INBOX.hear(List.of(chosenAtStripe(theirs, 1)));

            assertThat(held()).containsExactly(List.of("pm_k"));
            isLookedAt();
        }
    }

    @Test
    void choose_setUpInTheSecondOfStripesWord_isLookedAtWhateverTheirIds() {
        for (String setUp : List.of("pm_a", "pm_z")) {
            twoSessionsOfOneCustomer();
            INBOX.hear(List.of(chosenAtStripe("pm_k", 1)));

            INBOX.hear(List.of(setUp("seti_a", setUp, 1)));

            assertThat(held()).containsExactly(List.of("pm_k"));
            isLookedAt();
        }
    }

    @Test
    void choose_setUpOfAnotherService_isNoChoiceOfOurs() {
        JsonObject theirs = session("cs_theirs", "seti_theirs");

        INBOX.hear(List.of(
                event("checkout.session.completed", 1, theirs.put("status", "complete")),
                setUp("seti_theirs", "pm_theirs", 1)));

        assertThat(INBOX.rows("SELECT default_payment_method_id FROM stripe_customer_links"))
                .containsExactly(List.of("null"));
    }

    @Test
    void unlink_customerDeletedAtStripe_partsOursFromIt() {
        INBOX.hear(List.of(
                setUp("seti_a", "pm_a", 1),
                event("customer.deleted", 2, new JsonObject().put("id", "cus_1").put("object", "customer"))));

        assertThat(INBOX.rows("SELECT id FROM stripe_customer_links")).isEmpty();
    }
}
