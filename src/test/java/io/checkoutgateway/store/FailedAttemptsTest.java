package io.checkoutgateway.store;

import static io.checkoutgateway.store.InboxOnPostgres.event;
import static io.checkoutgateway.store.InboxOnPostgres.orders;
import static io.checkoutgateway.store.InboxOnPostgres.setupIntent;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Each attempt to set up a payment method that failed is in the session's history, once, with its error. */
class FailedAttemptsTest {
    private static final String OURS = "01KAMZ2V5Q8XG6T4N9R3W7B1CF";
    private static final String FAILURES = "SELECT event_id, setup_error ->> 'code' FROM checkout_session_transitions"
            + " WHERE setup_error IS NOT NULL ORDER BY occurred_at, event_id";

    @RegisterExtension
    private static final InboxOnPostgres INBOX = new InboxOnPostgres();

    private static JsonObject failed(int second, String code) {
        return event(
                "setup_intent.setup_failed",
                second,
                setupIntent("seti_1", "requires_payment_method")
                        .put("last_setup_error", new JsonObject().put("code", code)));
    }

    private static JsonObject succeeded(int second) {
        return event(
                "setup_intent.succeeded",
                second,
                setupIntent("seti_1", "succeeded").put("payment_method", "pm_1"));
    }

    private static List<String> failure(JsonObject event, String code) {
        return List.of(event.getString("id"), code);
    }

    private static void replayAll() {
        INBOX.execute("UPDATE stripe_events SET state = 'pending', attempts = 0, next_attempt_at = now()");
        assertThat(INBOX.settle()).isNotEmpty();
    }

    @Test
    void settleNext_failuresInAnyOrder_leaveTheSameHistoryAndState() {
        JsonObject first = failed(5, "card_declined");
        JsonObject second = failed(50, "expired_card");
        JsonObject third = failed(70, "expired_card");
        for (List<JsonObject> order : orders(List.of(first, second, third, succeeded(90)))) {
            INBOX.addOurs(OURS, "cs_1", "seti_1");
            INBOX.hear(order);

            assertThat(INBOX.rows(FAILURES))
                    .containsExactly(
                            failure(first, "card_declined"),
                            failure(second, "expired_card"),
                            failure(third, "expired_card"));
            assertThat(INBOX.rows("SELECT setup_intent_status, setup_error FROM checkout_sessions"))
                    .containsExactly(List.of("succeeded", "null"));
            INBOX.forgetAll();
        }
    }

    @Test
    void settleNext_replayed_recordsNoFailureTwice() {
        INBOX.addOurs(OURS, "cs_1", "seti_1");
        // Two within one second: each replay decides anew which one the row says until Stripe is asked.
        JsonObject one = failed(5, "card_declined");
        JsonObject other = failed(5, "expired_card");
        INBOX.hear(List.of(one, other, succeeded(4), failed(3, "expired_card")));
        List<List<String>> failures = INBOX.rows(FAILURES);

        replayAll();

        assertThat(failures).hasSize(3);
        assertThat(INBOX.rows(FAILURES)).isEqualTo(failures);
    }

    @Test
    void settleNext_failureThatChangesNothing_isToldAndNumberedLikeEveryChange() {
        INBOX.addOurs(OURS, "cs_1", "seti_1");

        INBOX.hear(List.of(succeeded(9), failed(5, "card_declined")));

        assertThat(INBOX.rows("SELECT sequence, reason, from_status, to_status FROM checkout_session_transitions"
                        + " ORDER BY sequence"))
                .containsExactly(
                        List.of("2", "setup_intent.succeeded", "open", "open"),
                        List.of("3", "setup_intent.setup_failed", "open", "open"));
        assertThat(INBOX.rows("SELECT sequence, setup_intent_status FROM outbox ORDER BY id"))
                .containsExactly(List.of("2", "succeeded"), List.of("3", "succeeded"));
        assertThat(INBOX.rows("SELECT version FROM checkout_sessions")).containsExactly(List.of("3"));
    }

    @Test
    void settleNext_failureBeforeItsSessionIsKnown_isRecordedWhenTheSessionComes() {
        JsonObject declined = failed(5, "card_declined");

        INBOX.hear(List.of(
                declined,
                succeeded(9),
                event(
                        "checkout.session.completed",
                        10,
                        InboxOnPostgres.session("cs_1", "seti_1").put("status", "complete"))));

        assertThat(INBOX.rows(FAILURES)).containsExactly(failure(declined, "card_declined"));
    }
}
