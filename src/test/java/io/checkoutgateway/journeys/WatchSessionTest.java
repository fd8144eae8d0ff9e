package io.checkoutgateway.journeys;

import static io.checkoutgateway.testing.HostedPage.GOOD_CARD;
import static org.assertj.core.api.Assertions.assertThat;

import io.checkoutgateway.testing.ContractClient;
import io.checkoutgateway.testing.ContractClient.Answer;
import io.checkoutgateway.testing.EventReader;
import io.checkoutgateway.testing.GatewayExtension;
import io.checkoutgateway.testing.HostedPage;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The stream of one session, as a front-end reads it that waits for "done". */
class WatchSessionTest {
    private static final String SESSIONS = "/api/v1/checkout-sessions/";

    @RegisterExtension
    private static final GatewayExtension GATEWAY = new GatewayExtension(Map.of("GATEWAY_STREAM_HEARTBEAT", "PT0.3S"));

    private static String eventsOf(String sessionId) {
        return SESSIONS + sessionId + "/events";
    }

    private static String openSession() {
        String sessionId = GATEWAY.openSession().getString("session_id");
        GATEWAY.settle();
        return sessionId;
    }

    private static void expire(String sessionId) {
        GATEWAY.client().post(SESSIONS + sessionId + "/expire").expect(200);
    }

    @Test
    void watch_openSession_showsItAndTellsItsEndAndEnds() {
        String sessionId = openSession();
        try (EventReader reader = GATEWAY.client().watch(eventsOf(sessionId))) {
            JsonObject now =
                    reader.untilType("checkout_session.snapshot").data().get(0);
            HostedPage.of(GATEWAY.sandbox(), sessionId).pay(GOOD_CARD);
            reader.untilEnd();

            assertThat(now.getMap()).containsEntry("status", "open").containsEntry("stripe_session_id", sessionId);
            // Which of its two events is applied first, the SetupIntent's or the session's, nobody knows.
            assertThat(reader.types()).startsWith("checkout_session.snapshot").contains("checkout_session.completed");
            assertThat(reader.data())
                    .extracting(data -> data.getLong("sequence"))
                    .isSorted()
                    .doesNotHaveDuplicates();
            assertThat(reader.data().get(reader.data().size() - 1).getMap())
                    .containsEntry("status", "complete")
                    .containsEntry("setup_intent_status", "succeeded");
            assertThat(reader.lastId()).endsWith("-last");
        }
    }

    @Test
    void watch_againAfterTheEnd_isToldToStop() {
        String sessionId = openSession();
        String lastId;
        try (EventReader reader = GATEWAY.client().watch(eventsOf(sessionId))) {
            reader.untilType("checkout_session.snapshot");
            expire(sessionId);
            lastId = reader.untilEnd().lastId();
        }

        Answer answer = GATEWAY.client().with("Last-Event-ID", lastId).get(eventsOf(sessionId));

        assertThat(answer.expect(204).body()).isEmpty();
    }

    @Test
    void watch_sessionAtItsEnd_isShownOnceAndEnds() {
        String sessionId = openSession();
        expire(sessionId);

        Answer answer = GATEWAY.client().get(eventsOf(sessionId)).expect(200);

        assertThat(answer.body())
                .contains("event: checkout_session.snapshot\n", "\"status\": \"expired\"")
                .containsPattern("(?m)^id: \\d+-last$")
                .endsWith("\n\n");
    }

    @Test
    void watch_cutOffBeforeTheEnd_learnsOfItWhenItComesAgain() {
        String sessionId = openSession();
        String lastId;
        try (EventReader reader = GATEWAY.client().watch(eventsOf(sessionId))) {
            lastId = reader.untilType("checkout_session.snapshot").lastId();
        }
        expire(sessionId);
        GATEWAY.settle();

        try (EventReader reader = GATEWAY.client().with("Last-Event-ID", lastId).watch(eventsOf(sessionId))) {
            reader.untilEnd();
            assertThat(reader.types())
                    .doesNotContain("checkout_session.snapshot")
                    .endsWith("checkout_session.expired");
        }
    }

    @Test
    void watch_idThatIsNotKept_beginsWithASnapshotAgain() {
        String sessionId = openSession();
        try (EventReader reader =
                GATEWAY.client().with("Last-Event-ID", "999999999999").watch(eventsOf(sessionId))) {
            reader.untilType("checkout_session.snapshot");
            assertThat(reader.types()).doesNotContain("reset");
        }
    }

    /** An id of the stream of all sessions will do, though it may be past this session's end. */
    @Test
    void watch_idPastTheEnd_isShownTheSessionAndEnds() {
        String sessionId = openSession();
        String lastId;
        try (EventReader all = GATEWAY.client().watch(SESSIONS + "events")) {
            expire(sessionId);
            lastId = all.untilType("checkout_session.expired").lastId();
        }

        try (EventReader reader = GATEWAY.client().with("Last-Event-ID", lastId).watch(eventsOf(sessionId))) {
            reader.untilEnd();
            assertThat(reader.types()).containsExactly("checkout_session.snapshot");
        }
    }

    @Test
    void watch_oneSession_hearsNothingOfOthers() {
        String sessionId = openSession();
        try (EventReader reader = GATEWAY.client().watch(eventsOf(sessionId))) {
            expire(openSession());
            expire(sessionId);
            reader.untilEnd();

            assertThat(reader.data())
                    .extracting(data -> data.getString("stripe_session_id"))
                    .containsOnly(sessionId);
        }
    }

    @Test
    void watch_byOurId_isTheSameSession() {
        String sessionId = openSession();
        String ours = GATEWAY.read(sessionId).getString("id");
        try (EventReader reader = GATEWAY.client().watch(eventsOf(ours))) {
            assertThat(reader.untilType("checkout_session.snapshot")
                            .data()
                            .get(0)
                            .getString("stripe_session_id"))
                    .isEqualTo(sessionId);
        }
    }

    @Test
    void watch_foreignOrUnknownSession_is404() {
        String sessionId = openSession();
        ContractClient stranger = GATEWAY.get().client("stranger");

        stranger.get(eventsOf(sessionId)).expect(404);
        stranger.get(eventsOf(GATEWAY.read(sessionId).getString("id"))).expect(404);
        stranger.with("Last-Event-ID", "1-last").get(eventsOf(sessionId)).expect(404);
        GATEWAY.client().get(eventsOf("cs_test_nobody")).expect(404);
        GATEWAY.client().get(eventsOf("not-an-id")).expect(404);
        GATEWAY.client().anonymous().get(eventsOf(sessionId)).expect(401);
    }
}
