package io.checkoutgateway.faults;

import static io.checkoutgateway.faults.Scene.CUSTOMERS;
import static io.checkoutgateway.faults.Scene.SESSIONS;
import static io.checkoutgateway.testing.ContractClient.checkoutSessionsOf;
import static io.checkoutgateway.testing.ContractClient.hosted;
import static org.assertj.core.api.Assertions.assertThat;

import io.checkoutgateway.faults.Scene.Request;
import io.checkoutgateway.sandbox.faults.Effect;
import io.checkoutgateway.sandbox.faults.Fault;
import io.checkoutgateway.sandbox.world.Ledger;
import io.checkoutgateway.testing.ContractClient.Answer;
import io.checkoutgateway.testing.TestGateway;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Creates that were left unfinished for long, were taken over, or lost what they were for. */
class UnfinishedCreateTest {
    private static final String KEY_FORGOTTEN = "attempt_started_at = now() - interval '25 hours'";
    private static final String TAKEN_OVER =
            "lease = nextval('checkout_gateway.create_leases'), lease_until = now() + interval '1 minute'";

    private static Scene scene;

    @BeforeAll
    static void start() {
        scene = Scene.start();
    }

    @AfterEach
    void ledgersAgree() {
        scene.faults().clear();
        scene.gateway().sandbox().deliveries().resume();
        scene.ledgers().agree();
    }

    @AfterAll
    static void stop() {
        scene.close();
    }

    private static Request leftAfter(Effect effect) {
        Request request = scene.request();
        scene.faults().once("POST", SESSIONS, effect);
        scene.send(request).expect(504);
        return request;
    }

    @Test
    void reconcile_keyForgottenAndSessionThere_adoptsIt() {
        Request request = leftAfter(Effect.dropAfter());
        scene.change(request, KEY_FORGOTTEN);

        scene.reconcile();

        assertThat(scene.row(request, "status")).isEqualTo("open");
        assertThat(scene.row(request, "attempt")).isEqualTo("1");
        scene.assertAtStripe(request, 1, 1);
    }

    @Test
    void reconcile_keyForgottenAndNoSession_startsAnotherAttempt() {
        Request request = leftAfter(Effect.dropBefore());
        scene.change(request, KEY_FORGOTTEN);

        scene.reconcile();

        assertThat(scene.row(request, "status")).isEqualTo("open");
        Ledger ledger = scene.gateway().sandbox().ledger();
        assertThat(ledger.session(scene.row(request, "stripe_session_id")).metadata())
                .containsEntry("gateway_attempt", "2");
    }

    /** What cannot be found out is no proof that there is nothing: another attempt could open a second session. */
    @Test
    void reconcile_searchFails_waitsAndGivesUpWhenTheSessionWouldHaveRunOut() {
        Request request = leftAfter(Effect.dropAfter());
        scene.change(request, KEY_FORGOTTEN);
        scene.faults().once("GET", SESSIONS, Effect.unavailable());
        scene.reconcile();
        assertThat(scene.row(request, "status")).isEqualTo("creating");
        scene.assertAtStripe(request, 1, 1);

        String opened = scene.gateway()
                .sandbox()
                .ledger()
                .sessionsWithMetadata("om_customer_id", request.customer())
                .get(0)
                .id();
        scene.atStripe("POST", SESSIONS + "/" + opened + "/expire", "");
        scene.change(request, "expires_at = now() - interval '1 hour'");
        scene.faults().once("GET", SESSIONS, Effect.unavailable());
        scene.reconcile();

        assertThat(scene.row(request, "failure_code")).isEqualTo("abandoned");
    }

    @Test
    void reconcile_customerNotLinkedYet_freezesItWithTheNewAttempt() {
        Request request = scene.request();
        scene.faults().once("POST", CUSTOMERS, Effect.dropBefore());
        scene.send(request).expect(504);
        scene.change(request, KEY_FORGOTTEN);
        scene.faults().once("POST", SESSIONS, Effect.dropAfter());

        scene.reconcile();
        assertThat(scene.row(request, "stripe_customer_id")).startsWith("cus_");
        scene.change(request, KEY_FORGOTTEN);
        scene.reconcile();

        assertThat(scene.row(request, "status")).isEqualTo("open");
        scene.assertAtStripe(request, 1, 1);
    }

    @Test
    void reconcile_twoSessionsOfOneCreate_keepsOneAndExpiresTheOther() {
        Request request = leftAfter(Effect.dropAfter());
        anotherSessionOf(request);
        scene.change(request, KEY_FORGOTTEN);

        scene.reconcile();

        assertThat(scene.row(request, "status")).isEqualTo("open");
        scene.assertAtStripe(request, 2, 1);
    }

    /** The event of the double's end comes while the create is under way, and must not decide it. */
    @Test
    void reconcile_newestSessionExpired_adoptsTheOneThatIsOpen() {
        Request request = leftAfter(Effect.dropAfter());
        scene.atStripe("POST", SESSIONS + "/" + anotherSessionOf(request) + "/expire", "");
        scene.awaitEvent("checkout.session.expired", "applied");
        scene.change(request, KEY_FORGOTTEN);

        scene.reconcile();

        assertThat(scene.row(request, "status")).isEqualTo("open");
        scene.assertAtStripe(request, 2, 1);
    }

    /** A second session that says it is the same create's, as an attempt that came through late would leave it. */
    private static String anotherSessionOf(Request request) {
        String form = "mode=setup&currency=eur&success_url=https://shop.example/done&customer=%s"
                + "&metadata[gateway_session_id]=%s&metadata[om_customer_id]=%s";
        String made = scene.atStripe(
                "POST",
                SESSIONS,
                form.formatted(scene.row(request, "stripe_customer_id"), scene.row(request, "id"), request.customer()));
        return new JsonObject(made).getString("id");
    }

    /** An attempt that came through after it was given up is older than the attempt that looks for it. */
    @Test
    void reconcile_sessionOfAnEarlierAttempt_isFound() {
        Request request = leftAfter(Effect.dropAfter());
        scene.change(request, "attempt = 2, attempt_started_at = now() + interval '1 hour'");
        scene.faults().once("POST", SESSIONS, Effect.serverError());

        scene.reconcile();

        assertThat(scene.row(request, "status")).isEqualTo("open");
        scene.assertAtStripe(request, 1, 1);
    }

    @Test
    void reconcile_sessionWouldHaveRunOut_abandonsItAndFreesTheKey() {
        Request request = leftAfter(Effect.dropBefore());
        scene.change(request, KEY_FORGOTTEN + ", expires_at = now() - interval '1 hour'");

        scene.reconcile();

        assertThat(scene.row(request, "status")).isEqualTo("failed");
        assertThat(scene.row(request, "failure_code")).isEqualTo("abandoned");
        scene.send(request).expect(201);
        scene.assertAtStripe(request, 1, 1);
    }

    @Test
    void reconcile_expiryCameTooNear_opensItALittleLater() {
        Request request = leftAfter(Effect.dropBefore());
        scene.change(
                request,
                """
                expires_at = now() + interval '29 minutes',
                parameters = jsonb_set(
                    parameters, '{expires_at}', to_jsonb(extract(epoch FROM now() + interval '29 minutes')::bigint))
                """);

        scene.reconcile();

        assertThat(scene.row(request, "status")).isEqualTo("open");
        scene.send(request).expect(201);
    }

    @Test
    void reconcile_namespaceHasNoAppAnyMore_waitsAndGivesUpWhenTheSessionWouldHaveRunOut() {
        Request request = leftAfter(Effect.dropBefore());
        scene.change(request, "namespace = 'gone', lease_until = now()");
        String before = scene.gateway().database().rows("SELECT now()").get(0).get(0);
        TestGateway.await(scene.gateway().gateway().reconcileNow());
        assertThat(scene.row(request, "status")).isEqualTo("creating");
        assertThat(scene.row(
                        request,
                        "lease_until > timestamptz '%s' AND lease_until < now() + interval '30 seconds'"
                                .formatted(before)))
                .as("the lease is given back after a pause")
                .isEqualTo("t");

        scene.change(request, "expires_at = now() - interval '1 hour'");
        scene.reconcile();

        assertThat(scene.row(request, "failure_code")).isEqualTo("abandoned");
    }

    @Test
    void create_takenOverWhileTheCustomerIsMade_stopsThere() {
        Request request = scene.request();
        Fault held = scene.faults().once("POST", CUSTOMERS, Effect.holdBefore());
        CompletableFuture<Answer> slow = scene.sendAsync(request);
        TestGateway.await(held.struck());
        scene.change(request, TAKEN_OVER);

        held.release();

        assertThat(slow.join().expect(409).json().getString("code")).isEqualTo("idempotency_key_in_use");
        scene.assertAtStripe(request, 0, 0);
        scene.repeatNow(request).expect(201);
    }

    @Test
    void create_takenOverAndRefused_leavesTheAnswerToTheOther() {
        Request first = scene.request();
        scene.send(first).expect(201);
        Request request = new Request(first.customer(), "another-" + first.key());
        scene.gateway().sandbox().deliveries().pause();
        scene.atStripe("DELETE", CUSTOMERS + "/" + scene.row(first, "stripe_customer_id"), "");
        Fault held = scene.faults().once("POST", SESSIONS, Effect.holdBefore());
        CompletableFuture<Answer> slow = scene.sendAsync(request);
        TestGateway.await(held.struck());
        scene.execute("UPDATE checkout_gateway.checkout_sessions SET " + TAKEN_OVER + " WHERE status = 'creating'");

        held.release();

        slow.join().expect(409);
        assertThat(scene.row(request, "status")).isEqualTo("creating");
        assertThat(scene.repeatNow(request).expect(422).json().getString("code"))
                .isEqualTo("stripe_customer_missing");
    }

    @Test
    void create_customerGoneAtStripe_isRefusedOnceAndTheSameWayAgain() {
        Request first = scene.request();
        scene.send(first).expect(201);
        Request request = new Request(first.customer(), "another-" + first.key());
        scene.gateway().sandbox().deliveries().pause();
        scene.atStripe("DELETE", CUSTOMERS + "/" + scene.row(first, "stripe_customer_id"), "");

        Answer refused = scene.send(request).expect(422);

        assertThat(refused.json().getString("code")).isEqualTo("stripe_customer_missing");
        assertThat(scene.row(request, "status")).isEqualTo("failed");
        Answer again = scene.send(request).expect(422);
        assertThat(again.body()).isEqualTo(refused.body());
        assertThat(again.header("Idempotent-Replayed")).isEqualTo("true");
    }

    @Test
    void create_customerGoneAtStripeAndTheEventHeard_makesAnotherCounterpart() {
        Request first = scene.request();
        scene.send(first).expect(201);
        String gone = scene.row(first, "stripe_customer_id");
        scene.atStripe("DELETE", CUSTOMERS + "/" + gone, "");
        scene.gateway().ledgers().agree();
        Awaitility.await().pollInterval(Duration.ofMillis(20)).until(() -> scene.gateway()
                .database()
                .rows("SELECT id FROM checkout_gateway.stripe_customer_links WHERE stripe_customer_id = '" + gone + "'")
                .isEmpty());

        Request request = new Request(first.customer(), "another-" + first.key());

        assertThat(scene.send(request).expect(201).json().getString("stripe_customer_id"))
                .isNotEqualTo(gone);
    }

    /** A retry that lost the first answer must not be told that it may not begin. */
    @Test
    void create_customerDeletedSinceTheFirstRequest_isStillAnsweredUnderItsKey() {
        Request answered = scene.request();
        Answer answer = scene.send(answered).expect(201);
        Request unfinished = leftAfter(Effect.dropAfter());
        scene.execute("UPDATE checkout_gateway.customers SET deleted_at = now() WHERE id IN ('%s', '%s')"
                .formatted(answered.customer(), unfinished.customer()));

        assertThat(scene.send(answered).expect(201).body()).isEqualTo(answer.body());
        scene.repeatNow(unfinished).expect(201);
        scene.client().post(checkoutSessionsOf(answered.customer()), hosted()).expect(410);
    }

    /** Between the look at the key and the take-over, the first request failed and freed the key. */
    @Test
    void create_sessionFailedMeanwhile_isNotTakenOver() {
        Request request = leftAfter(Effect.dropBefore());
        scene.change(request, "status = 'failed', failure_code = 'test', lease_until = now()");

        scene.send(request).expect(409);

        scene.assertAtStripe(request, 0, 0);
    }

    @Test
    void forgetAnswers_oldAndYoung_forgetsTheOldThatAreSettled() {
        Request old = scene.request();
        Request young = scene.request();
        scene.send(old).expect(201);
        scene.send(young).expect(201);
        Request unfinished = leftAfter(Effect.dropBefore());
        scene.execute(
                "UPDATE checkout_gateway.idempotency_keys SET created_at = now() - interval '8 days' WHERE key IN ('%s', '%s')"
                        .formatted(old.key(), unfinished.key()));

        assertThat(TestGateway.await(scene.gateway().gateway().forgetNow()))
                .as("there are more")
                .isFalse();

        assertThat(scene.gateway().database().rows("SELECT key FROM checkout_gateway.idempotency_keys"))
                .extracting(row -> row.get(0))
                .contains(young.key(), unfinished.key())
                .doesNotContain(old.key());
        scene.reconcile();
    }
}
