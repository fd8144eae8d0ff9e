package io.checkoutgateway.journeys;

import static org.assertj.core.api.Assertions.assertThat;

import io.checkoutgateway.testing.ContractClient;
import io.checkoutgateway.testing.SignedEvents;
import io.checkoutgateway.testing.TestGateway;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

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
