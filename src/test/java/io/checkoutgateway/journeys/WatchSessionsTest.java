package io.checkoutgateway.journeys;

import static io.checkoutgateway.testing.HostedPage.GOOD_CARD;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import io.checkoutgateway.testing.ContractClient;
import io.checkoutgateway.testing.EventReader;
import io.checkoutgateway.testing.GatewayExtension;
import io.checkoutgateway.testing.HostedPage;
import io.checkoutgateway.testing.Refusals;
import io.checkoutgateway.testing.TestGateway;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The stream of all sessions of a namespace. */
class WatchSessionsTest {
    private static final String EVENTS = "/api/v1/checkout-sessions/events";

    @RegisterExtension
    private static final GatewayExtension GATEWAY = new GatewayExtension(Map.of("GATEWAY_STREAM_HEARTBEAT", "PT0.3S"));

    /** What earlier tests did is no news to this one. */
    @BeforeEach
    void beginAfterTheOthers() {
        GATEWAY.awaitHeard();
    }

    private static String complete(String sessionId) {
        assertThat(HostedPage.of(GATEWAY.sandbox(), sessionId).pay(GOOD_CARD)).isLessThan(400);
        return sessionId;
    }

    private static String expire(String sessionId) {
        GATEWAY.client()
                .post("/api/v1/checkout-sessions/" + sessionId + "/expire")
                .expect(200);
        return sessionId;
    }

    private static List<Long> sequences(EventReader reader) {
        return reader.data().stream().map(data -> data.getLong("sequence")).toList();
    }

    @Test
    void watch_sessionsWholeLife_tellsEveryChangeInOrder() {
        try (EventReader reader = GATEWAY.client().watch(EVENTS)) {
            complete(GATEWAY.openSession().getString("session_id"));
            reader.untilType("checkout_session.completed");
            GATEWAY.settle();

            assertThat(reader.head().header("Cache-Control")).isEqualTo("no-store");
            assertThat(reader.head().header("X-Accel-Buffering")).isEqualTo("no");
            assertThat(reader.lines().get(0)).isEqualTo("retry: 2000");
            assertThat(reader.types())
                    .startsWith("checkout_session.creating")
                    .contains("checkout_session.opened", "checkout_session.completed")
                    .isSubsetOf(
                            "checkout_session.creating",
                            "checkout_session.opened",
                            "checkout_session.updated",
                            "checkout_session.completed");
            assertThat(sequences(reader)).startsWith(1L, 2L, 3L).isSorted().doesNotHaveDuplicates();
        }
    }

    @Test
    void watch_completedSession_isToldWithoutAnythingPersonal() {
        try (EventReader reader = GATEWAY.client().watch(EVENTS + "?filter%5Btype%5D=checkout_session.completed")) {
            String customer = GATEWAY.customer();
            String sessionId = complete(GATEWAY.openSession(customer).getString("session_id"));
            JsonObject data =
                    reader.untilType("checkout_session.completed").data().get(0);

            assertThat(data.getMap())
                    .containsEntry("stripe_session_id", sessionId)
                    .containsEntry("customer_id", customer)
                    .containsEntry("mode", "setup")
                    .containsEntry("status", "complete")
                    .containsEntry("previous_status", "open")
                    .containsEntry("payment_status", "no_payment_required")
                    .containsEntry("reason", "checkout.session.completed")
                    .containsEntry("source", "event")
                    .containsKeys("id", "event_id", "sequence", "occurred_at", "setup_intent_status")
                    .hasSize(13);
            assertThat(data.encode()).doesNotContain("example.com", "secret", "http");
        }
    }

    @Test
    void watch_onAnotherReplicaWithTheLastId_goesOnWithoutGapOrRepetition() {
        List<String> expired = new ArrayList<>();
        List<String> told = new ArrayList<>();
        String lastId;
        try (TestGateway other = GATEWAY.get().replica()) {
            ContractClient there = other.client();
            String filter = "?filter%5Btype%5D=checkout_session.expired";
            try (EventReader first = GATEWAY.client().watch(EVENTS + filter)) {
                expired.add(expire(GATEWAY.openSession().getString("session_id")));
                expired.add(expire(GATEWAY.openSession().getString("session_id")));
                first.until(reader -> reader.types().size() == 2);
                told.addAll(stripeIds(first));
                lastId = first.lastId();
            }
            expired.add(expire(GATEWAY.openSession().getString("session_id")));
            try (EventReader second = there.with("Last-Event-ID", lastId).watch(EVENTS + filter)) {
                second.until(reader -> reader.types().size() == 1);
                expired.add(expire(GATEWAY.openSession().getString("session_id")));
                second.until(reader -> reader.types().size() == 2);
                told.addAll(stripeIds(second));
            }
        }

        assertThat(told).isEqualTo(expired);
    }

    private static List<String> stripeIds(EventReader reader) {
        return reader.data().stream()
                .map(data -> data.getString("stripe_session_id"))
                .toList();
    }

    @Test
    void watch_againBeforeAnythingHappened_missesNothing() {
        String lastId;
        try (EventReader silent = GATEWAY.client().watch(EVENTS)) {
            lastId = silent.until(reader -> !reader.lastId().isEmpty()).lastId();
        }
        String sessionId = expire(GATEWAY.openSession().getString("session_id"));

        try (EventReader reader = GATEWAY.client().watch(EVENTS + "?last_event_id=" + lastId)) {
            reader.untilType("checkout_session.expired");
            assertThat(stripeIds(reader)).contains(sessionId);
            assertThat(reader.types()).startsWith("checkout_session.creating");
        }
    }

    @Test
    void watch_headerAndQueryDiffer_theHeaderWins() {
        expire(GATEWAY.openSession().getString("session_id"));
        GATEWAY.awaitHeard();
        String lastId;
        try (EventReader now = GATEWAY.client().watch(EVENTS)) {
            lastId = now.until(reader -> !reader.lastId().isEmpty()).lastId();
        }

        try (EventReader reader = GATEWAY.client().with("Last-Event-ID", lastId).watch(EVENTS + "?last_event_id=0")) {
            reader.until(any -> any.lines().contains(": heartbeat"));
            assertThat(reader.types()).isEmpty();
        }
    }

    @Test
    void watch_nothingConcernsTheReader_heartbeatsMoveItsIdOn() {
        try (EventReader reader = GATEWAY.client().watch(EVENTS + "?filter%5Bcustomer_id%5D=" + GATEWAY.customer())) {
            String before = reader.until(any -> !any.lastId().isEmpty()).lastId();
            GATEWAY.openSession();

            reader.until(any -> !any.lastId().equals(before) && any.lines().contains(": heartbeat"));

            assertThat(reader.types()).isEmpty();
        }
    }

    @Test
    void watch_byCustomer_tellsOfTheirsOnly() {
        String customer = GATEWAY.customer();
        try (EventReader reader = GATEWAY.client().watch(EVENTS + "?filter%5Bcustomer_id%5D=" + customer)) {
            GATEWAY.openSession();
            GATEWAY.openSession(customer);
            reader.untilType("checkout_session.opened");

            assertThat(reader.data())
                    .extracting(data -> data.getString("customer_id"))
                    .containsOnly(customer);
        }
    }

    @Test
    void watch_fromAnotherNamespace_seesNothing() {
        try (EventReader stranger = GATEWAY.get().client("stranger").watch(EVENTS + "?last_event_id=0");
                EventReader reader = GATEWAY.client().watch(EVENTS)) {
            GATEWAY.openSession();
            reader.untilType("checkout_session.opened");
            String reached = reader.lastId();

            stranger.until(any -> !any.lastId().isEmpty() && Long.parseLong(any.lastId()) >= Long.parseLong(reached));

            assertThat(stranger.types()).isEmpty();
        }
    }

    @Test
    void watch_idOfAnotherHistory_isResetAndGoesOnFromNow() {
        try (EventReader reader =
                GATEWAY.client().with("Last-Event-ID", "999999999999").watch(EVENTS)) {
            reader.untilType("reset");
            GATEWAY.openSession();
            reader.untilType("checkout_session.opened");

            assertThat(reader.types()).startsWith("reset");
            assertThat(Long.parseLong(reader.lastId())).isLessThan(999_999_999_999L);
        }
    }

    static Stream<Arguments> watch_wrongParameter_isRefusedByName() {
        return Stream.of(
                argumentSet(
                        "no number", "?last_event_id=abc", "last_event_id", "must be an id that came with an event"),
                argumentSet("too long", "?last_event_id=1234567890123456789", "last_event_id", "must be an id"),
                argumentSet("negative", "?last_event_id=-1", "last_event_id", "must be an id"),
                argumentSet(
                        "type", "?filter%5Btype%5D=checkout_session.paid", "filter[type]", "must be one or more of"),
                argumentSet("empty type", "?filter%5Btype%5D=,", "filter[type]", "must be one or more of"),
                argumentSet("field", "?filter%5Bemail%5D=a", "filter[email]", "is not a field to filter by"),
                argumentSet("parameter", "?since=1", "since", "is not a parameter of this operation"));
    }

    @ParameterizedTest
    @MethodSource
    void watch_wrongParameter_isRefusedByName(String query, String field, String reason) {
        Refusals.assertNames(GATEWAY.client().get(EVENTS + query).expect(400), field, reason);
    }

    @Test
    void watch_malformedHeader_isRefusedByName() {
        Refusals.assertNames(
                GATEWAY.client().with("Last-Event-ID", "yesterday").get(EVENTS).expect(400),
                "Last-Event-ID",
                "must be");
    }

    @Test
    void watch_withoutKey_is401() {
        GATEWAY.client().anonymous().get(EVENTS).expect(401);
    }
}
