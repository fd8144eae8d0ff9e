package io.checkoutgateway.journeys;

import static org.assertj.core.api.Assertions.assertThat;

import io.checkoutgateway.testing.ContractClient;
import io.checkoutgateway.testing.HostedPage;
import io.checkoutgateway.testing.SignedEvents;
import io.checkoutgateway.testing.TestGateway;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StoredEventsTest {
    private static final String EVENTS = "/api/v1/admin/events";

    private static TestGateway gateway;
    private static SignedEvents stripe;

    @BeforeAll
    static void start() {
        gateway = TestGateway.start(Map.of("GATEWAY_EVENTS_ATTEMPTS", "1"));
        stripe = new SignedEvents(gateway);
    }

    @AfterEach
    void ledgersAgree() {
        gateway.ledgers().agree();
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    @Test
    void getEvent_ofUnknownType_isIgnoredAndSaysWhy() {
        String id = stripe.deliver("invoice.paid", new JsonObject().put("id", "in_1"));

        JsonObject event = settled(id, "ignored");

        assertThat(event.getString("outcome")).isEqualTo("events of this type change no session");
        assertThat(event.getJsonObject("body").getString("type")).isEqualTo("invoice.paid");
    }

    @Test
    void replayEvent_quarantined_isTriedAgain() {
        String id = stripe.deliver("checkout.session.completed", new JsonObject().put("id", "not a session"));
        assertThat(settled(id, "quarantined").getString("outcome")).contains("not a Checkout Session");

        JsonObject replayed =
                gateway.client().post(EVENTS + "/" + id + "/replay").expect(200).json();

        assertThat(replayed.getString("state")).isEqualTo("pending");
        assertThat(settled(id, "quarantined").getInteger("attempts")).isEqualTo(1);
    }

    @Test
    void listEvents_inPages_showsEachOnceAndOnlyTheFiltered() {
        List<String> ids = List.of(
                stripe.deliver("payout.paid", new JsonObject()),
                stripe.deliver("payout.paid", new JsonObject()),
                stripe.deliver("payout.failed", new JsonObject()));

        JsonObject first = gateway.client()
                .get(EVENTS + "?filter[type]=payout.paid&page[size]=1")
                .expect(200)
                .json();
        String next = first.getJsonObject("meta").getJsonObject("page").getString("next");
        JsonObject second = gateway.client()
                .get(EVENTS + "?filter[type]=payout.paid&page[size]=1&page[after]=" + next)
                .expect(200)
                .json();

        assertThat(List.of(only(first), only(second))).isEqualTo(ids.subList(0, 2));
        assertThat(second.getJsonObject("meta").getJsonObject("page").getString("next"))
                .isNull();
    }

    private static List<String> ids(String query) {
        return gateway.client().get(EVENTS + query).expect(200).json().getJsonArray("data").stream()
                .map(each -> ((JsonObject) each).getString("event_id"))
                .toList();
    }

    @Test
    void listEvents_newestFirst_ofATimeOrAnObject_showsThose() {
        String before = Instant.now().minusSeconds(60).toString();
        String one = stripe.deliver("transfer.created", new JsonObject().put("id", "tr_1"));
        String two = stripe.deliver("transfer.created", new JsonObject().put("id", "tr_2"));

        assertThat(ids("?filter[type]=transfer.created&sort=id+desc")).containsExactly(two, one);
        assertThat(ids("?filter[object_id]=tr_1")).containsExactly(one);
        assertThat(ids("?filter[type]=transfer.created&filter[from]=" + before)).containsExactly(one, two);
        assertThat(ids("?filter[type]=transfer.created&filter[to]=" + before)).isEmpty();
        gateway.client().get(EVENTS + "?filter[from]=yesterday").expect(400);
        gateway.client().get(EVENTS + "?sort=type").expect(400);
    }

    @Test
    void listEvents_ofASession_areThoseAboutItAndItsSetupIntent_alsoWithoutEffect() {
        String session = gateway.client()
                .post(ContractClient.checkoutSessionsOf(gateway.customer()), ContractClient.hosted())
                .expect(201)
                .json()
                .getString("session_id");
        HostedPage.of(gateway.sandbox(), session).pay(HostedPage.GOOD_CARD);
        gateway.settle();
        String unheard = stripe.deliver("checkout.session.unheard_of", new JsonObject().put("id", session));
        String ours = gateway.client()
                .get("/api/v1/checkout-sessions/" + session)
                .expect(200)
                .json()
                .getString("id");

        List<String> types =
                gateway
                        .client()
                        .get(EVENTS + "?filter[session_id]=" + ours)
                        .expect(200)
                        .json()
                        .getJsonArray("data")
                        .stream()
                        .map(each -> ((JsonObject) each).getString("type"))
                        .toList();

        assertThat(types).contains("checkout.session.completed", "setup_intent.succeeded");
        assertThat(types).doesNotContain("payout.paid", "transfer.created");
        assertThat(ids("?filter[session_id]=" + session)).contains(unheard).hasSameSizeAs(types);
        assertThat(ids("?filter[object_id]=" + session)).contains(unheard);
        assertThat(ids("?filter[session_id]=cs_test_none")).isEmpty();
        assertThat(gateway.client("stranger")
                        .get(EVENTS + "?filter[session_id]=" + session)
                        .expect(200)
                        .json()
                        .getJsonArray("data"))
                .isEmpty();
    }

    @Test
    void replayEvents_allThatMatch_areTriedAgainAndToldOnce() {
        String broken = "not a session, again";
        List<String> ids = List.of(
                stripe.deliver("checkout.session.expired", new JsonObject().put("id", broken)),
                stripe.deliver("checkout.session.expired", new JsonObject().put("id", broken)));
        ids.forEach(id -> settled(id, "quarantined"));
        String firstTime = settled(ids.get(0), "quarantined").getString("settled_at");
        JsonObject wanted = new JsonObject().put("state", "quarantined").put("type", "checkout.session.expired");

        JsonObject strangers = gateway.client("stranger")
                .post(EVENTS + "/replay", wanted)
                .expect(200)
                .json();
        JsonObject counted = gateway.client()
                .post(EVENTS + "/replay", wanted.copy().put("dry_run", true))
                .expect(200)
                .json();
        assertThat(settled(ids.get(0), "quarantined").getString("settled_at")).isEqualTo(firstTime);
        JsonObject replayed =
                gateway.client().post(EVENTS + "/replay", wanted).expect(200).json();

        assertThat(strangers.getInteger("count")).isZero();
        assertThat(counted).isEqualTo(new JsonObject().put("count", 2).put("dry_run", true));
        assertThat(replayed).isEqualTo(new JsonObject().put("count", 2).put("dry_run", false));
        ids.forEach(id -> Awaitility.await()
                .untilAsserted(() -> assertThat(settled(id, "quarantined").getString("settled_at"))
                        .isGreaterThan(firstTime)));
        assertThat(gateway.database()
                        .rows("SELECT resource FROM checkout_gateway.audit_log WHERE action = 'events.replayed'"))
                .containsExactly(List.of("events:state=quarantined,type=checkout.session.expired"));
    }

    @Test
    void replayEvents_withoutAState_orOfTimesThatAreNone_isRefused() {
        gateway.client().post(EVENTS + "/replay", new JsonObject()).expect(400);
        gateway.client()
                .post(EVENTS + "/replay", new JsonObject().put("state", "pending"))
                .expect(400);
        gateway.client()
                .post(
                        EVENTS + "/replay",
                        new JsonObject().put("state", "applied").put("from", "2026-02-31T00:00:00Z"))
                .expect(400);
    }

    /** Asked in a namespace without events, so that none of another test's is touched. */
    @ParameterizedTest
    @ValueSource(strings = {"applied", "ignored"})
    void replayEvents_nearlyTheWholeInbox_isRefusedUnlessSaidSo(String state) {
        JsonObject wanted = new JsonObject().put("state", state);
        ContractClient stranger = gateway.client("stranger");

        assertThat(stranger.post(EVENTS + "/replay", wanted)
                        .expect(400)
                        .json()
                        .getJsonArray("invalid_parameters")
                        .getJsonObject(0)
                        .getString("field"))
                .isEqualTo("all");

        stranger.post(EVENTS + "/replay", wanted.copy().put("all", true)).expect(200);
        stranger.post(EVENTS + "/replay", wanted.copy().put("dry_run", true)).expect(200);
        stranger.post(EVENTS + "/replay", wanted.copy().put("type", "invoice.paid"))
                .expect(200);
    }

    @Test
    void events_ofAnotherNamespace_doNotExist() {
        String id = stripe.deliver("invoice.paid", new JsonObject());
        ContractClient stranger = gateway.client("stranger");

        assertThat(stranger.get(EVENTS).expect(200).json().getJsonArray("data")).isEmpty();
        stranger.get(EVENTS + "/" + id).expect(404);
        stranger.post(EVENTS + "/" + id + "/replay").expect(404);
    }

    @Test
    void listEvents_unknownFilter_isRefusedByName() {
        JsonObject problem =
                gateway.client().get(EVENTS + "?filter[secret]=1").expect(400).json();

        assertThat(problem.getJsonArray("invalid_parameters").getJsonObject(0).getString("field"))
                .isEqualTo("filter[secret]");
    }

    private static String only(JsonObject page) {
        JsonArray data = page.getJsonArray("data");
        assertThat(data).hasSize(1);
        return data.getJsonObject(0).getString("event_id");
    }

    private static JsonObject settled(String id, String state) {
        return Awaitility.await()
                .until(() -> gateway.client().get(EVENTS + "/" + id).expect(200).json(), event -> event.getString(
                                "state")
                        .equals(state));
    }
}
