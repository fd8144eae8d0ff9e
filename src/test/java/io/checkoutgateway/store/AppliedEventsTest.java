package io.checkoutgateway.store;

import static io.checkoutgateway.store.InboxOnPostgres.START;
import static io.checkoutgateway.store.InboxOnPostgres.event;
import static io.checkoutgateway.store.InboxOnPostgres.orders;
import static io.checkoutgateway.store.InboxOnPostgres.session;
import static io.checkoutgateway.store.InboxOnPostgres.setupIntent;
import static io.checkoutgateway.testing.TestGateway.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.checkoutgateway.checkout.Observation;
import io.checkoutgateway.checkout.StripeCheckout.Snapshot;
import io.checkoutgateway.checkout.StripeSession;
import io.checkoutgateway.mirror.MirrorSessions.Applied;
import io.checkoutgateway.testing.StrangeMembers;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class AppliedEventsTest {
    private static final String OURS = "01KAMZ2V5Q8XG6T4N9R3W7B1CF";
    private static final String SESSION_ROW =
            "SELECT status, payment_status, setup_intent_status, payment_method_id FROM checkout_sessions";
    private static final String FOLLOW_UPS = "SELECT kind, subject, account FROM follow_ups ORDER BY kind";

    @RegisterExtension
    private static final InboxOnPostgres INBOX = new InboxOnPostgres();

    private static JsonObject succeeded(String id, String method) {
        return setupIntent(id, "succeeded").put("payment_method", method).put("customer", "cus_1");
    }

    private static List<List<String>> found(String sql) {
        return INBOX.rows(sql);
    }

    @Test
    void settleNext_setupIntentOfASessionNobodyKnowsYet_isHeardAgainWhenTheSessionComes() {
        List<JsonObject> told = List.of(
                event("setup_intent.created", 0, setupIntent("seti_1", "requires_payment_method")),
                event("setup_intent.succeeded", 5, succeeded("seti_1", "pm_1")),
                event("checkout.session.completed", 5, session("cs_1", "seti_1").put("status", "complete")));

        for (List<JsonObject> order : orders(told)) {
            INBOX.hear(order);

            assertThat(found(SESSION_ROW))
                    .containsExactly(List.of("complete", "no_payment_required", "succeeded", "pm_1"));
            INBOX.forgetAll();
        }
    }

    @Test
    void settleNext_paymentPaidWithinTheSecondOfItsCompletion_isPaidInEveryOrder() {
        JsonObject payment = session("cs_1", "seti_1").put("mode", "payment").putNull("setup_intent");
        List<JsonObject> told = List.of(
                event(
                        "checkout.session.completed",
                        5,
                        payment.copy().put("status", "complete").put("payment_status", "unpaid")),
                event(
                        "checkout.session.async_payment_succeeded",
                        5,
                        payment.copy().put("status", "complete").put("payment_status", "paid")));

        for (List<JsonObject> order : orders(told)) {
            INBOX.hear(order);

            assertThat(found("SELECT status, payment_status FROM checkout_sessions"))
                    .containsExactly(List.of("complete", "paid"));
            INBOX.forgetAll();
        }
    }

    @Test
    void settleNext_twoFailuresWithinOneSecond_callsForAReadingOnce() {
        INBOX.addOurs(OURS, "cs_1", "seti_1");
        List<JsonObject> told = new ArrayList<>();
        for (String code : List.of("card_declined", "expired_card", "card_declined")) {
            told.add(event(
                    "setup_intent.setup_failed",
                    5,
                    setupIntent("seti_1", "requires_payment_method")
                            .put("last_setup_error", new JsonObject().put("code", code))));
        }

        INBOX.hear(told);

        assertThat(found(FOLLOW_UPS)).containsExactly(List.of("read_session", "cs_1", "null"));
    }

    @Test
    void settleNext_setupFailed_isRecordedInTheHistoryWithItsError() {
        INBOX.addOurs(OURS, "cs_1", "seti_1");

        INBOX.hear(List.of(
                event(
                        "setup_intent.setup_failed",
                        5,
                        setupIntent("seti_1", "requires_payment_method")
                                .put("last_setup_error", new JsonObject().put("code", "card_declined"))),
                event("setup_intent.succeeded", 9, succeeded("seti_1", "pm_1"))));

        assertThat(found("SELECT reason, setup_error ->> 'code' FROM checkout_session_transitions ORDER BY sequence"))
                .containsExactly(
                        List.of("setup_intent.setup_failed", "card_declined"),
                        List.of("setup_intent.succeeded", "null"));
    }

    @Test
    void settleNext_anotherApiVersion_isStoredAndCallsForAReading() {
        JsonObject session = event("checkout.session.completed", 5, new JsonObject().put("id", "cs_old"))
                .put("api_version", "2020-08-27")
                .put("account", "acct_connected");
        JsonObject intent = event("setup_intent.succeeded", 5, new JsonObject().put("id", "seti_old"))
                .putNull("api_version");

        INBOX.hear(List.of(session, intent));

        assertThat(found(FOLLOW_UPS))
                .containsExactly(
                        List.of("read_session", "cs_old", "acct_connected"),
                        List.of("read_setup_intent", "seti_old", "null"));
        assertThat(found("SELECT state FROM stripe_events"))
                .containsOnly(List.of("applied"))
                .hasSize(2);
    }

    @Test
    void settleNext_anotherMonthOfTheSameRelease_isTakenAtItsWord() {
        INBOX.hear(List.of(
                event("checkout.session.expired", 5, session("cs_1", "seti_1").put("status", "expired"))
                        .put("api_version", "2026-09-30.dahlia")));

        assertThat(found("SELECT status FROM checkout_sessions")).containsExactly(List.of("expired"));
        assertThat(found(FOLLOW_UPS)).isEmpty();
    }

    @Test
    void settleNext_wordsThatStripeHasNotSaidYet_areKeptAndBreakNothing() {
        JsonObject strange = session("cs_1", "seti_1")
                .put("mode", "donation")
                .put("status", "paused")
                .put("payment_status", "partly")
                .put("ui_mode", "holographic")
                .put("next_year", new JsonObject().put("of", "us"));

        INBOX.hear(List.of(event("checkout.session.paused", 5, strange)));

        assertThat(found("SELECT status, mode, payment_status, ui_mode, stripe #>> '{next_year,of}',"
                        + " stripe ->> 'status' FROM checkout_sessions"))
                .containsExactly(List.of("open", "donation", "partly", "holographic", "us", "paused"));
    }

    @Test
    void settleNext_amountBeyondThirtyTwoBits_isKept() {
        JsonObject large = session("cs_1", "seti_1").put("mode", "payment").put("amount_total", 9_007_199_254_740_991L);

        INBOX.hear(List.of(event("checkout.session.completed", 5, large)));

        assertThat(found("SELECT stripe ->> 'amount_total' FROM checkout_sessions"))
                .containsExactly(List.of("9007199254740991"));
    }

    @Test
    void settleNext_connectedAccount_isOnTheRow() {
        INBOX.hear(List.of(event("checkout.session.completed", 5, session("cs_1", "seti_1"))
                .put("account", "acct_connected")));

        assertThat(found("SELECT stripe_account_id FROM checkout_sessions")).containsExactly(List.of("acct_connected"));
    }

    /** Members that rows repeat or that decide what an event changes. */
    private static final List<String> MEMBERS = List.of(
            "status",
            "payment_status",
            "ui_mode",
            "livemode",
            "url",
            "client_secret",
            "currency",
            "amount_subtotal",
            "amount_total",
            "customer",
            "setup_intent",
            "payment_intent",
            "subscription",
            "client_reference_id",
            "customer_email",
            "customer_details",
            "success_url",
            "cancel_url",
            "return_url",
            "locale",
            "billing_address_collection",
            "submit_type",
            "payment_method_types",
            "metadata",
            "expires_at");

    @Test
    void settleNext_eachMemberOfASessionIsNullOrOfAnotherKind_isKeptAsItIs() {
        List<Object> strange = new ArrayList<>(StrangeMembers.VALUES);
        strange.add(JsonObject.mapFrom(Map.of()));
        for (String member : MEMBERS) {
            JsonObject ended = session("cs_" + member, "seti_1").put("status", "complete");
            INBOX.hear(
                    List.of(event("checkout.session.completed", 5, ended.copy().putNull(member))));
            for (int i = 0; i < strange.size(); i++) {
                INBOX.hear(List.of(event(
                        "checkout.session.completed",
                        5,
                        ended.copy().put("id", "cs_" + member + i).put(member, strange.get(i)))));
            }
        }

        assertThat(found("SELECT event_id, outcome FROM stripe_events WHERE state <> 'applied'"))
                .isEmpty();
        assertThat(found("SELECT count(*) FROM checkout_sessions WHERE stripe ->> 'id' = stripe_session_id"))
                .containsExactly(List.of(String.valueOf(MEMBERS.size() * (strange.size() + 1))));
    }

    @Test
    void settleNext_sessionThatSaysNoStatus_isWhatItsEventTellsAndStaysSo() {
        JsonObject silent = session("cs_1", "seti_1").putNull("status").put("expires_at", START.getEpochSecond() + 60);

        INBOX.hear(List.of(
                event("checkout.session.completed", 5, silent),
                event("checkout.session.expired", 5, silent.copy().put("id", "cs_2"))));

        assertThat(found("SELECT stripe_session_id, status FROM checkout_sessions ORDER BY stripe_session_id"))
                .containsExactly(List.of("cs_1", "complete"), List.of("cs_2", "expired"));
        assertThat(await(new PgMirrorSessions(INBOX.postgres)
                        .apply(
                                InboxOnPostgres.app(),
                                Observation.of(
                                        new Snapshot(
                                                StripeSession.of(silent).seenAt(START.plusSeconds(90)),
                                                null,
                                                null,
                                                START.plusSeconds(90)),
                                        Observation.Source.BACKFILL,
                                        "backfill"))))
                .isEqualTo(Applied.UNCHANGED);
        assertThat(found("SELECT status FROM checkout_sessions WHERE stripe_session_id = 'cs_1'"))
                .containsExactly(List.of("complete"));
    }
}
