package io.checkoutgateway.journeys;

import static io.checkoutgateway.testing.AppScene.soon;
import static io.checkoutgateway.testing.ContractClient.checkoutSessionsOf;
import static io.checkoutgateway.testing.ContractClient.hosted;
import static io.checkoutgateway.testing.HostedPage.CHALLENGED_CARD;
import static io.checkoutgateway.testing.HostedPage.GOOD_CARD;
import static io.checkoutgateway.testing.HostedPage.POOR_CARD;
import static io.checkoutgateway.testing.TestGateway.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.stripe.exception.StripeException;
import com.stripe.param.checkout.SessionCreateParams.Mode;
import io.checkoutgateway.sandbox.faults.Effect;
import io.checkoutgateway.sandbox.faults.Fault;
import io.checkoutgateway.testing.ContractClient.Answer;
import io.checkoutgateway.testing.GatewayExtension;
import io.checkoutgateway.testing.HostedPage;
import io.checkoutgateway.testing.Selling;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** From the open page to the end of a session, whichever it is, and what the gateway knows of it on the way. */
class CompletionTest {
    private static final String SESSIONS = "/api/v1/checkout-sessions/";

    @RegisterExtension
    private static final GatewayExtension GATEWAY = new GatewayExtension();

    private static HostedPage pageOf(String sessionId) {
        return HostedPage.of(GATEWAY.sandbox(), sessionId);
    }

    private static String openSession() {
        return GATEWAY.openSession().getString("session_id");
    }

    private static JsonObject awaitStatus(String sessionId, String status) {
        soon(() -> assertThat(GATEWAY.read(sessionId).getString("status")).isEqualTo(status));
        return GATEWAY.read(sessionId);
    }

    private static JsonObject awaitSetupIntent(String sessionId, String status) {
        soon(() -> assertThat(
                        GATEWAY.read(sessionId).getJsonObject("setup_intent").getString("status"))
                .isEqualTo(status));
        return GATEWAY.read(sessionId);
    }

    private static List<JsonObject> transitionsOf(String sessionId) {
        return GATEWAY
                .client()
                .get(SESSIONS + sessionId + "/transitions")
                .expect(200)
                .json()
                .getJsonArray("data")
                .stream()
                .map(JsonObject.class::cast)
                .toList();
    }

    @Test
    void pay_goodCard_completesTheSessionAndNamesThePaymentMethod() {
        String sessionId = openSession();

        assertThat(pageOf(sessionId).pay(GOOD_CARD)).isEqualTo(303);

        awaitStatus(sessionId, "complete");
        JsonObject session = awaitSetupIntent(sessionId, "succeeded");
        assertThat(session.getJsonObject("setup_intent").getString("payment_method_id"))
                .startsWith("pm_");
        assertThat(session.getMap()).containsKey("completed_at").doesNotContainKey("url");
        assertThat(session.getString("payment_status")).isEqualTo("no_payment_required");
    }

    @Test
    void pay_poorCard_leavesTheSessionOpenWithTheReasonUntilAnotherCardIsGood() {
        String sessionId = openSession();

        pageOf(sessionId).pay(POOR_CARD);

        soon(() -> assertThat(
                        GATEWAY.read(sessionId).getJsonObject("setup_intent").getMap())
                .containsKey("last_error"));
        JsonObject declined = GATEWAY.read(sessionId);
        assertThat(declined.getString("status")).isEqualTo("open");
        assertThat(declined.getJsonObject("setup_intent")
                        .getJsonObject("last_error")
                        .getString("decline_code"))
                .isEqualTo("insufficient_funds");

        pageOf(sessionId).pay(GOOD_CARD);

        JsonObject accepted = awaitSetupIntent(sessionId, "succeeded");
        assertThat(accepted.getJsonObject("setup_intent").getMap()).doesNotContainKey("last_error");
        awaitStatus(sessionId, "complete");
    }

    @Test
    void pay_challengedCard_waitsForTheBank() {
        String sessionId = openSession();

        pageOf(sessionId).pay(CHALLENGED_CARD);
        JsonObject asked = awaitSetupIntent(sessionId, "requires_action");
        pageOf(sessionId).passChallenge();

        assertThat(asked.getString("status")).isEqualTo("open");
        awaitSetupIntent(sessionId, "succeeded");
        awaitStatus(sessionId, "complete");
    }

    @Test
    void pay_challengeThatFails_isRecorded() {
        String sessionId = openSession();

        pageOf(sessionId).pay(CHALLENGED_CARD);
        pageOf(sessionId).failChallenge();

        JsonObject failed = awaitSetupIntent(sessionId, "requires_payment_method");
        soon(() -> assertThat(GATEWAY.read(sessionId)
                        .getJsonObject("setup_intent")
                        .getJsonObject("last_error", new JsonObject())
                        .getString("code"))
                .isEqualTo("setup_intent_authentication_failure"));
        assertThat(failed.getString("status")).isEqualTo("open");
    }

    @Test
    void expire_openSession_isExpiredHereAndThereAndStaysSo() {
        String sessionId = openSession();

        JsonObject expired = GATEWAY.client()
                .post(SESSIONS + sessionId + "/expire")
                .expect(200)
                .json();
        GATEWAY.settle();
        Answer again = GATEWAY.client().post(SESSIONS + sessionId + "/expire").expect(200);

        assertThat(expired.getString("status")).isEqualTo("expired");
        assertThat(again.json().getString("status")).isEqualTo("expired");
        assertThat(again.json().getLong("version"))
                .isEqualTo(GATEWAY.read(sessionId).getLong("version"));
        assertThat(GATEWAY.sandbox().ledger().session(sessionId).status()).isEqualTo("expired");
        assertThat(pageOf(sessionId).pay(GOOD_CARD)).isEqualTo(410);
    }

    @Test
    void expire_callerWhoHasItAlready_isAnsweredInFull() {
        String sessionId = openSession();
        String etag = GATEWAY.client().get(SESSIONS + sessionId).expect(200).header("ETag");

        Answer answer = GATEWAY.client()
                .with("If-None-Match", etag)
                .post(SESSIONS + sessionId + "/refresh")
                .expect(200);

        assertThat(answer.header("ETag")).isNotEmpty();
    }

    @Test
    void expire_completeSession_is409() {
        String sessionId = openSession();
        pageOf(sessionId).pay(GOOD_CARD);
        awaitStatus(sessionId, "complete");

        Answer answer = GATEWAY.client().post(SESSIONS + sessionId + "/expire").expect(409);

        assertThat(answer.json().getString("code")).isEqualTo("session_not_open");
    }

    @Test
    void expire_customerWasFaster_answersTheSessionAsComplete() {
        String sessionId = openSession();
        GATEWAY.settle();
        GATEWAY.sandbox().deliveries().pause();
        pageOf(sessionId).pay(GOOD_CARD);

        JsonObject answer = GATEWAY.client()
                .post(SESSIONS + sessionId + "/expire")
                .expect(200)
                .json();

        assertThat(answer.getString("status")).isEqualTo("complete");
    }

    @Test
    void refresh_webhookIsLate_showsTheTruthAtOnce() {
        String sessionId = openSession();
        GATEWAY.settle();
        GATEWAY.sandbox().deliveries().pause();
        pageOf(sessionId).pay(GOOD_CARD);
        assertThat(GATEWAY.read(sessionId).getString("status")).isEqualTo("open");

        JsonObject refreshed = GATEWAY.client()
                .post(SESSIONS + sessionId + "/refresh")
                .expect(200)
                .json();

        assertThat(refreshed.getString("status")).isEqualTo("complete");
        assertThat(refreshed.getJsonObject("setup_intent").getString("status")).isEqualTo("succeeded");
        assertThat(refreshed.getJsonObject("setup_intent").getString("payment_method_id"))
                .startsWith("pm_");
    }

    @Test
    void refresh_nothingNew_changesNothing() {
        String sessionId = openSession();
        GATEWAY.settle();
        GATEWAY.client().post(SESSIONS + sessionId + "/refresh").expect(200);
        long version = GATEWAY.read(sessionId).getLong("version");

        Answer again = GATEWAY.client().post(SESSIONS + sessionId + "/refresh").expect(200);

        assertThat(again.json().getLong("version")).isEqualTo(version);
    }

    @Test
    void expireAndRefresh_unknownSession_are404() {
        GATEWAY.client().post(SESSIONS + "01ARZ3NDEKTSV4RRFFQ69G5FAV/expire").expect(404);
        GATEWAY.client().post(SESSIONS + "cs_test_nobody/refresh").expect(404);
    }

    @Test
    void refresh_sessionThatStripeRefused_is409() {
        JsonObject body = hosted();
        body.getJsonObject("stripe_options")
                .put("payment_method_types", new io.vertx.core.json.JsonArray().add("none"));
        String customer = GATEWAY.customer();
        GATEWAY.client().post(checkoutSessionsOf(customer), body).expect(422);
        JsonObject failed = GATEWAY.client()
                .get(SESSIONS.substring(0, SESSIONS.length() - 1) + "?filter%5Bcustomer_id%5D=" + customer)
                .expect(200)
                .json()
                .getJsonArray("data")
                .getJsonObject(0);

        GATEWAY.client().post(SESSIONS + failed.getString("id") + "/refresh").expect(409);
        GATEWAY.client().post(SESSIONS + failed.getString("id") + "/expire").expect(409);
        assertThat(failed.getString("status")).isEqualTo("failed");
        assertThat(failed.getJsonObject("failure").getString("detail")).contains("Stripe refused");
    }

    @Test
    void transitions_wholeLife_tellWhoSaidWhat() {
        String sessionId = openSession();
        pageOf(sessionId).pay(GOOD_CARD);
        awaitStatus(sessionId, "complete");
        GATEWAY.settle();

        List<JsonObject> history = transitionsOf(sessionId);

        assertThat(history.get(0).getMap())
                .containsEntry("to", "creating")
                .containsEntry("reason", "create")
                .containsEntry("source", "api")
                .doesNotContainKey("from");
        // The SetupIntent's own event may be applied before Stripe's answer is written down.
        assertThat(history)
                .filteredOn(entry -> "creating".equals(entry.getString("from")) && "open".equals(entry.getString("to")))
                .hasSize(1);
        assertThat(history).anySatisfy(entry -> assertThat(entry.getMap())
                .containsEntry("from", "open")
                .containsEntry("to", "complete")
                .containsEntry("reason", "checkout.session.completed")
                .containsEntry("source", "event")
                .containsKey("event_id"));
        assertThat(history)
                .extracting(entry -> entry.getLong("sequence"))
                .isSorted()
                .doesNotHaveDuplicates();
    }

    @Test
    void transitions_inPagesOfOne_areTheSame() {
        String sessionId = openSession();
        GATEWAY.client().post(SESSIONS + sessionId + "/expire").expect(200);
        GATEWAY.settle();
        List<JsonObject> walked = new ArrayList<>();
        String after = "0";
        while (after != null) {
            JsonObject page = GATEWAY.client()
                    .get(SESSIONS + sessionId + "/transitions?page%5Bsize%5D=1&page%5Bafter%5D=" + after)
                    .expect(200)
                    .json();
            page.getJsonArray("data").forEach(entry -> walked.add((JsonObject) entry));
            after = page.getJsonObject("meta").getJsonObject("page").getString("next");
        }

        assertThat(walked).hasSizeGreaterThanOrEqualTo(3).isEqualTo(transitionsOf(sessionId));
    }

    @Test
    void events_beforeTheCreateIsAnswered_areNotLost() {
        String customer = GATEWAY.customer();
        Fault hold = GATEWAY.sandbox().faults().once("POST", "/v1/checkout/sessions", Effect.holdAfter());
        CompletableFuture<Answer> create = GATEWAY.client().postAsync(checkoutSessionsOf(customer), hosted());
        await(hold.struck());
        String sessionId = GATEWAY.sandbox()
                .ledger()
                .sessionsWithMetadata("om_customer_id", customer)
                .get(0)
                .id();

        pageOf(sessionId).pay(GOOD_CARD);
        awaitStatus(sessionId, "complete");
        hold.release();

        assertThat(create.join().expect(201).json().getString("session_id")).isEqualTo(sessionId);
        JsonObject session = awaitSetupIntent(sessionId, "succeeded");
        assertThat(session.getString("status")).isEqualTo("complete");
        assertThat(session.getString("customer_id")).isEqualTo(customer);
    }

    @Test
    void events_twiceAndShuffled_endInTheSameRow() {
        GATEWAY.sandbox().deliveries().pause();
        String sessionId = openSession();
        pageOf(sessionId).pay(POOR_CARD);
        pageOf(sessionId).pay(GOOD_CARD);
        List<String> events = GATEWAY.sandbox().deliveries().all().stream()
                .map(delivery -> delivery.eventId())
                .toList();

        List<String> backwards = new ArrayList<>(events);
        java.util.Collections.reverse(backwards);
        GATEWAY.sandbox().deliveries().resume();
        backwards.forEach(event -> GATEWAY.sandbox().deliveries().redeliver(event));

        awaitStatus(sessionId, "complete");
        JsonObject session = awaitSetupIntent(sessionId, "succeeded");
        assertThat(session.getJsonObject("setup_intent").getMap()).doesNotContainKey("last_error");
    }

    @Test
    void foreignSession_completed_appearsWithoutACustomerOfOurs() throws StripeException {
        String sessionId = GATEWAY.openElsewhere(Selling.params(Mode.PAYMENT, 1_500, 2)
                .setClientReferenceId("their-order")
                .putMetadata("team", "shop"));
        GATEWAY.client().get(SESSIONS + sessionId).expect(404);

        pageOf(sessionId).pay(GOOD_CARD);

        soon(() -> GATEWAY.client().get(SESSIONS + sessionId).expect(200));
        JsonObject session = GATEWAY.read(sessionId);
        assertThat(session.getMap())
                .doesNotContainKey("customer_id")
                .containsEntry("mode", "payment")
                .containsEntry("status", "complete")
                .containsEntry("payment_status", "paid")
                .containsEntry("client_reference_id", "their-order");
        assertThat(session.getInteger("amount_total")).isEqualTo(3000);
        assertThat(session.getJsonObject("metadata").getMap()).containsOnlyKeys("team");
    }

    @Test
    void foreignSession_expired_appears() throws StripeException {
        String sessionId = GATEWAY.openElsewhere(Selling.any(Mode.SETUP));
        assertThat(GATEWAY.stripe().v1().checkout().sessions().expire(sessionId).getStatus())
                .isEqualTo("expired");

        soon(() -> assertThat(GATEWAY.read(sessionId).getString("status")).isEqualTo("expired"));
    }
}
