package io.checkoutgateway.journeys;

import static io.checkoutgateway.testing.TestGateway.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.checkoutgateway.testing.GatewayExtension;
import io.checkoutgateway.testing.SignedEvent;
import io.checkoutgateway.testing.SignedEvents;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A person means one event: that of one app, as Stripe sent it, and may be done with it. */
class OneEventTest {
    private static final String EVENTS = "/api/v1/admin/events/";
    private static final String FORMER = "01ARZ3NDEKTSV4RRFFQ69G5FAV";

    @RegisterExtension
    private static final GatewayExtension GATEWAY = new GatewayExtension(Map.of("GATEWAY_EVENTS_ATTEMPTS", "1"));

    private static String own() {
        return GATEWAY.get().webhookUrl().getPath().split("/")[4];
    }

    private static String deliver(String type, JsonObject object) {
        String id = new SignedEvents(GATEWAY.get()).deliver(type, object);
        Awaitility.await().until(() -> !get(id).getString("state").equals("pending"));
        return id;
    }

    private static JsonObject get(String id) {
        return GATEWAY.client().get(EVENTS + id).expect(200).json();
    }

    private static List<List<String>> states(String id) {
        return GATEWAY.database()
                .rows("SELECT app_id, state FROM checkout_gateway.stripe_events WHERE event_id = '%s' ORDER BY id"
                        .formatted(id));
    }

    /** As when an app was uninstalled after it was told, and the account's next one asked for what happened. */
    private static String deliverToTwoApps() {
        String id = deliver("invoice.paid", new JsonObject().put("id", "in_1"));
        GATEWAY.database()
                .execute(
                        """
                        INSERT INTO checkout_gateway.apps (
                            id, namespace, type, livemode, configured, state, deleted_at)
                        SELECT '%s', namespace, type, livemode, false, 'gone', now() FROM checkout_gateway.apps WHERE id = '%s'
                        ON CONFLICT DO NOTHING
                        """
                                .formatted(FORMER, own()));
        GATEWAY.database()
                .execute(
                        """
                        INSERT INTO checkout_gateway.stripe_events (
                            app_id, event_id, type, livemode, created, object_id, body, state, settled_at, outcome)
                        SELECT '%s', event_id, type, livemode, created, object_id, body, 'quarantined', now(), 'why'
                        FROM checkout_gateway.stripe_events WHERE event_id = '%s'
                        """
                                .formatted(FORMER, id));
        return id;
    }

    @Test
    void getEvent_ofSeveralApps_isThatOfTheInstalledOneUnlessAnotherIsNamed() {
        String id = deliverToTwoApps();

        assertThat(get(id).getString("app_id")).isEqualTo(own());
        assertThat(get(id + "?app_id=" + own()).getString("app_id")).isEqualTo(own());
        assertThat(get(id + "?app_id=" + FORMER).getString("app_id")).isEqualTo(FORMER);
        GATEWAY.client().get(EVENTS + id + "?app_id=01ARZ3NDEKTSV4RRFFQ69G5FAX").expect(404);
        GATEWAY.client().get(EVENTS + id + "?app_id=mine").expect(400);
    }

    @Test
    void replayEvent_ofSeveralApps_leavesTheOthersAsTheyAre() {
        String id = deliverToTwoApps();

        JsonObject replayed =
                GATEWAY.client().post(EVENTS + id + "/replay").expect(200).json();

        assertThat(replayed.getString("app_id")).isEqualTo(own());
        assertThat(states(id)).element(1).isEqualTo(List.of(FORMER, "quarantined"));
        assertThat(GATEWAY.client()
                        .post(EVENTS + id + "/replay?app_id=" + FORMER)
                        .expect(200)
                        .json()
                        .getString("app_id"))
                .isEqualTo(FORMER);
    }

    @Test
    void dropEvent_quarantined_isIgnoredByWhomAndWhy() {
        String id = deliver("checkout.session.completed", new JsonObject().put("id", "not a session"));

        JsonObject dropped =
                GATEWAY.client().post(EVENTS + id + "/drop").expect(200).json();

        assertThat(dropped.getString("state")).isEqualTo("ignored");
        assertThat(dropped.getString("outcome"))
                .matches("dropped by api_key:.+, was quarantined: .*not a Checkout Session.*");
        assertThat(await(GATEWAY.get().gateway().applyEventsNow()).total()).isZero();
        assertThat(get(id).getString("state")).isEqualTo("ignored");
        assertThat(GATEWAY.database()
                        .rows("SELECT count(*) FROM checkout_gateway.audit_log WHERE action = 'event.dropped'"
                                + " AND resource = 'event:" + id + "'"))
                .containsExactly(List.of("1"));
    }

    @Test
    void dropEvent_notQuarantined_orAnothers_isRefused() {
        String id = deliver("invoice.paid", new JsonObject().put("id", "in_1"));

        assertThat(GATEWAY.client().post(EVENTS + id + "/drop").expect(409).body())
                .contains("this one is ignored");
        GATEWAY.client().post(EVENTS + "evt_none/drop").expect(404);
        GATEWAY.get().client("stranger").post(EVENTS + id + "/drop").expect(404);
    }

    private static String raw(String object) throws IOException, InterruptedException {
        String id = "evt_" + UUID.randomUUID().toString().replace("-", "");
        String body =
                "{\"id\":\"%s\",\"type\":\"a\",\"created\":1795334400,\"data\":{\"object\":%s}}".formatted(id, object);
        SignedEvent signed = SignedEvent.of(body);
        GATEWAY.client()
                .anonymous()
                .with("Stripe-Signature", signed.signature())
                .post(GATEWAY.get().webhookUrl().getPath(), signed.body())
                .expect(200);
        HttpResponse<String> answer = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(GATEWAY.get().url().resolve(EVENTS + id))
                                .header(
                                        "Authorization",
                                        "Bearer " + GATEWAY.get().key())
                                .build(),
                        BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(answer.body()).endsWith(",\"body\":" + body + "}");
        return answer.body();
    }

    @Test
    void getEvent_numbersInWordsOfStripes_areShownAsTheyCame() throws Exception {
        assertThat(raw("{\"n\": 1e400, \"f\": 0.1000,  \"s\": \"\\u00e9 é\"}")).contains("1e400", "0.1000");
    }

    @Test
    void getEvent_nestedAsDeepAsIsTaken_isShown() throws Exception {
        assertThat(raw("[".repeat(990) + "]".repeat(990))).contains("[[[");
    }
}
