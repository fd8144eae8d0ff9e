package io.checkoutgateway.store;

import static io.checkoutgateway.store.InboxOnPostgres.APP;
import static io.checkoutgateway.store.InboxOnPostgres.START;
import static io.checkoutgateway.store.InboxOnPostgres.event;
import static io.checkoutgateway.store.InboxOnPostgres.payment;
import static io.checkoutgateway.store.InboxOnPostgres.session;
import static io.checkoutgateway.store.InboxOnPostgres.setupIntent;
import static io.checkoutgateway.testing.TestGateway.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.checkoutgateway.audit.Actor;
import io.checkoutgateway.followup.FollowUp.Cause;
import io.checkoutgateway.followup.FollowUpStore.Claimed;
import io.checkoutgateway.followup.FollowUpStore.Failed;
import io.checkoutgateway.followup.FollowUpStore.Line;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Which events a reading was called for by, and that each of them is told once, of the reading that began after it. */
class EventsThatAreReadTest {
    private static final int ATTEMPTS_MAX = 3;

    @RegisterExtension
    private static final InboxOnPostgres INBOX = new InboxOnPostgres();

    private static final PgFollowUps FOLLOW_UPS = new PgFollowUps(INBOX.postgres);

    /** In another API version, so many seconds after the start. */
    private static JsonObject foreign(String type, int second, String id) {
        return event(type, second, new JsonObject().put("id", id)).put("api_version", "2020-08-27");
    }

    /** A reading of {@code cs_1} is called for by an event of this second. */
    private static void hear(int second) {
        INBOX.hear(List.of(foreign("checkout.session.completed", second, "cs_1")));
    }

    private static Claimed claim() {
        return await(FOLLOW_UPS.claim(Line.NEWS, Duration.ofMinutes(1))).orElseThrow();
    }

    private static Claimed claimAfterItsPause() {
        INBOX.execute("UPDATE follow_ups SET next_attempt_at = now()");
        return claim();
    }

    private static Stream<Long> secondsOf(Claimed claimed) {
        return claimed.causes().stream()
                .map(cause -> Duration.between(START, cause.created()).toSeconds());
    }

    private static Instant now() {
        return Instant.parse(INBOX.rows("SELECT to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')")
                .get(0)
                .get(0));
    }

    @Test
    void claim_calledForByEvents_knowsWhenEachHappenedAndCame() {
        Instant before = now();
        hear(5);
        hear(3);

        assertThat(claim().causes())
                .extracting(Cause::created)
                .containsExactly(START.plusSeconds(5), START.plusSeconds(3));
        assertThat(claimAfterItsPause().causes()).extracting(Cause::receivedAt).allSatisfy(at -> assertThat(at)
                .isBetween(before, now()));
    }

    @Test
    void claim_paymentOfAnotherVersion_knowsItsEvent() {
        INBOX.hear(List.of(
                event("checkout.session.completed", 1, payment("cs_1", "unpaid").put("payment_intent", "pi_1"))));
        INBOX.execute("DELETE FROM follow_ups");

        INBOX.hear(List.of(foreign("payment_intent.succeeded", 7, "pi_1")));

        assertThat(secondsOf(claim())).containsExactly(7L);
    }

    @Test
    void claim_endOfASessionWhoseCreateIsUnderWay_knowsItsEvent() {
        String ours = "01KAMZ2V5Q8XG6T4N9R3W7B1CF";
        INBOX.addOurs(ours, "cs_none", "seti_none");
        INBOX.execute("UPDATE checkout_sessions SET status = 'creating', stripe = NULL, stripe_as_of = NULL,"
                + " stripe_session_id = NULL, setup_intent_id = NULL");

        INBOX.hear(List.of(event(
                "checkout.session.expired",
                9,
                session("cs_1", "seti_1")
                        .put("status", "expired")
                        .put("metadata", new JsonObject().put("gateway_session_id", ours)))));

        assertThat(secondsOf(claim())).containsExactly(9L);
    }

    /** Those wrote the row themselves: the reading only tells two states of one second apart. */
    @Test
    void claim_eventsThatWroteTheRow_areNone() {
        INBOX.addOurs("01KAMZ2V5Q8XG6T4N9R3W7B1CF", "cs_1", "seti_1");
        for (String code : List.of("card_declined", "expired_card", "card_declined")) {
            INBOX.hear(List.of(event(
                    "setup_intent.setup_failed",
                    5,
                    setupIntent("seti_1", "requires_payment_method")
                            .put("last_setup_error", new JsonObject().put("code", code)))));
        }

        assertThat(claim().causes()).isEmpty();
    }

    @Test
    void claim_eventIsReplayed_isNoneAgain() {
        hear(5);
        assertThat(await(FOLLOW_UPS.met(claim()))).isPresent();
        INBOX.execute("UPDATE stripe_events SET state = 'pending', next_attempt_at = now()");

        assertThat(INBOX.settle()).hasSize(1);

        assertThat(claim().causes()).isEmpty();
    }

    @Test
    void met_tellsWhenByTheClockOfTheDatabase() {
        hear(5);
        Claimed claimed = claim();
        Instant before = now();

        assertThat(await(FOLLOW_UPS.met(claimed)))
                .hasValueSatisfying(at -> assertThat(at).isBetween(before, now()));
    }

    @Test
    void met_calledForAgainMeanwhile_leavesTheLaterEventToTheNextReading() {
        hear(5);
        Claimed first = claim();
        hear(8);
        hear(6);

        assertThat(await(FOLLOW_UPS.met(first))).isPresent();

        Claimed next = claim();
        assertThat(secondsOf(next)).containsExactly(8L, 6L);
        assertThat(await(FOLLOW_UPS.met(next))).isPresent();
        assertThat(INBOX.rows("SELECT id FROM follow_ups")).isEmpty();
    }

    @Test
    void claim_afterWhoeverDiedAtIt_knowsWhatHeKnewAndWhatCameSince() {
        hear(5);
        assertThat(secondsOf(claim())).containsExactly(5L);
        hear(8);

        assertThat(secondsOf(claimAfterItsPause())).containsExactly(5L, 8L);
    }

    @Test
    void met_claimedByAnotherAndCalledForAgainSince_isToldByTheOther() {
        hear(5);
        Claimed late = claim();
        hear(8);
        Claimed present = claimAfterItsPause();

        assertThat(await(FOLLOW_UPS.met(late))).isEmpty();
        assertThat(secondsOf(present)).containsExactly(5L, 8L);
        assertThat(await(FOLLOW_UPS.met(present))).isPresent();
    }

    @Test
    void claim_afterAFailureAndAWait_stillKnowsTheEvents() {
        hear(5);
        assertThat(await(FOLLOW_UPS.failed(claim(), "no luck", ATTEMPTS_MAX))).isEqualTo(Failed.RETRIED);
        assertThat(await(FOLLOW_UPS.putOff(claimAfterItsPause(), "not yet", Duration.ofMinutes(1))))
                .isTrue();

        assertThat(secondsOf(claimAfterItsPause())).containsExactly(5L);
    }

    @Test
    void failed_theLastTime_leavesTheEventsToWhoeverLooksAtWhatWasGivenUp() {
        hear(5);
        assertThat(await(FOLLOW_UPS.failed(claim(), "no luck", 0))).isEqualTo(Failed.GIVEN_UP);

        hear(8);

        assertThat(secondsOf(claim())).containsExactly(8L);
    }

    @Test
    void failed_theLastTimeButCalledForMeanwhile_keepsTheEvents() {
        hear(5);
        Claimed claimed = claim();
        hear(8);

        assertThat(await(FOLLOW_UPS.failed(claimed, "no luck", 0))).isEqualTo(Failed.RETRIED);

        assertThat(secondsOf(claimAfterItsPause())).containsExactly(5L, 8L);
    }

    @Test
    void retry_byAPerson_keepsTheEventsThatWait() {
        hear(5);
        Claimed claimed = claim();
        Actor actor = Actor.gateway("test", "test");

        assertThat(await(new PgFollowUpLog(INBOX.postgres).retry(actor, claimed.row())))
                .isPresent();

        assertThat(secondsOf(claimAfterItsPause())).containsExactly(5L);
    }

    @Test
    void add_moreEventsThanARowKeeps_keepsTheFirst() {
        hear(5);
        INBOX.execute("UPDATE follow_ups SET events_created = array_fill(events_created[1], '{99}'),"
                + " events_received = array_fill(events_received[1], '{99}')");
        hear(6);
        hear(7);

        assertThat(secondsOf(claim())).hasSize(100).startsWith(5L).endsWith(6L);
    }

    @Test
    void claim_calledForByAReplicaOfBefore_knowsOnlyEventsOfThisOne() {
        INBOX.execute("INSERT INTO follow_ups (app_id, kind, subject) VALUES ('" + APP + "', 'read_session', 'cs_1')");
        assertThat(claim().causes()).isEmpty();

        hear(5);

        assertThat(secondsOf(claimAfterItsPause())).containsExactly(5L);
    }
}
