package io.checkoutgateway.journeys;

import static io.checkoutgateway.journeys.OutgoingScene.ENDPOINTS;
import static io.checkoutgateway.testing.ContractClient.checkoutSessionsOf;
import static io.checkoutgateway.testing.ContractClient.hosted;
import static org.assertj.core.api.Assertions.assertThat;

import io.checkoutgateway.testing.ContractClient;
import io.checkoutgateway.testing.GatewayExtension;
import io.checkoutgateway.testing.TestGateway;
import io.vertx.core.json.JsonObject;
import java.net.URLEncoder;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What was asked for is in the audit log, and what was refused is not. */
class AuditLogTest {
    private static final String LOG = "/api/v1/admin/audit-log";

    /** An address, so that no name service is asked. */
    private static final JsonObject ENDPOINT = new JsonObject().put("url", "https://1.1.1.1/hooks");

    @RegisterExtension
    static final GatewayExtension GATEWAY = new GatewayExtension();

    private static ContractClient client() {
        return GATEWAY.client();
    }

    private static List<JsonObject> list(ContractClient client, String query) {
        return client.get(LOG + query).expect(200).json().getJsonArray("data").stream()
                .map(JsonObject.class::cast)
                .toList();
    }

    private static String filter(String field, String value) {
        return "?filter[%s]=%s".formatted(field, URLEncoder.encode(value, StandardCharsets.UTF_8));
    }

    /** What was done to a thing, the latest first. */
    private static List<String> actions(String resource) {
        return list(client(), filter("resource", resource)).stream()
                .map(entry -> entry.getString("action"))
                .toList();
    }

    @Test
    void createSession_isNotedOnceWithWhoAndWhichRequest() {
        ContractClient client =
                client().with("Idempotency-Key", UUID.randomUUID().toString());
        ContractClient.Answer created = client.with("X-Request-Id", "the-first-request")
                .post(checkoutSessionsOf(GATEWAY.customer()), hosted())
                .expect(201);
        String id = created.json().getString("session_id");
        String session = client().get("/api/v1/checkout-sessions/" + id)
                .expect(200)
                .json()
                .getString("id");

        List<JsonObject> entries = list(client(), filter("resource", "checkout_session:" + session));

        assertThat(entries).singleElement().satisfies(entry -> {
            assertThat(entry.getString("action")).isEqualTo("checkout_session.created");
            assertThat(entry.getString("actor")).startsWith("api_key:");
            assertThat(entry.getString("request_id")).isEqualTo("the-first-request");
            assertThat(entry.getString("after_hash")).matches("[0-9a-f]{64}");
            assertThat(entry.containsKey("before_hash")).isFalse();
        });
    }

    @Test
    void createSession_repeated_isNotedOnce() {
        String customer = GATEWAY.customer();
        ContractClient client =
                client().with("Idempotency-Key", UUID.randomUUID().toString());
        int before =
                list(client(), filter("action", "checkout_session.created")).size();
        client.post(checkoutSessionsOf(customer), hosted()).expect(201);
        client.post(checkoutSessionsOf(customer), hosted()).expect(201);

        assertThat(list(client(), filter("action", "checkout_session.created"))).hasSize(before + 1);
    }

    @Test
    void expireAndRefresh_areNotedWhenSomethingWasDone() {
        String id = "/api/v1/checkout-sessions/" + GATEWAY.openSession().getString("session_id");
        String session = client().get(id).expect(200).json().getString("id");
        client().post(id + "/refresh").expect(200);
        client().post(id + "/expire").expect(200);
        client().post(id + "/expire").expect(200);

        assertThat(actions("checkout_session:" + session))
                .containsExactly("checkout_session.expired", "checkout_session.created");
    }

    @Test
    void webhookEndpoint_fromCreateToDelete_isNotedStepByStep() {
        // In a namespace without sessions nothing is delivered, which would be noted in the row between the steps.
        ContractClient owner = GATEWAY.get().client("ns-" + UUID.randomUUID());
        String id = owner.post(ENDPOINTS, ENDPOINT).expect(201).json().getString("id");
        String path = ENDPOINTS + "/" + id;
        JsonObject change = new JsonObject().put("description", "Billing");
        owner.with("If-Match", "\"7\"")
                .send("PATCH", path, BodyPublishers.ofString(change.encode()), "application/json")
                .expect(412);
        owner.send("PATCH", path, BodyPublishers.ofString(change.encode()), "application/json")
                .expect(200);
        owner.post(path + "/rotate-secret").expect(200);
        owner.send("DELETE", path, BodyPublishers.noBody(), null).expect(204);
        owner.send("DELETE", path, BodyPublishers.noBody(), null).expect(404);

        List<JsonObject> entries = list(owner, filter("resource", "webhook_endpoint:" + id));

        assertThat(entries)
                .extracting(entry -> entry.getString("action"))
                .containsExactly(
                        "webhook_endpoint.deleted",
                        "webhook_endpoint.secret_rotated",
                        "webhook_endpoint.updated",
                        "webhook_endpoint.created");
        for (int step = 0; step < 3; step++) {
            assertThat(entries.get(step).getString("before_hash"))
                    .as("each begins where the one before it ended")
                    .isEqualTo(entries.get(step + 1).getString("after_hash"));
        }
    }

    @Test
    void administration_replaysAndRuns_areNoted() {

        GATEWAY.openSession();

        String backfill = client().post("/api/v1/admin/backfills", new JsonObject())
                .expect(201)
                .json()
                .getString("id");
        int canceled =
                client().post("/api/v1/admin/backfills/" + backfill + "/cancel").status();

        List<String> expected = new ArrayList<>(List.of("backfill.created"));
        if (canceled == 200) {
            expected.add(0, "backfill.canceled");
        }
        assertThat(actions("backfill:" + backfill)).isEqualTo(expected);
        client().post("/api/v1/admin/events/evt_unknown/replay").expect(404);
        assertThat(actions("event:evt_unknown")).isEmpty();
    }

    @Test
    void listAuditLog_pages_leadToTheOldestAndNeverToAnothersEntries() {
        ContractClient somebody = GATEWAY.get().client("ns-" + UUID.randomUUID());
        List<String> made = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            made.add(0, somebody.post(ENDPOINTS, ENDPOINT).expect(201).json().getString("id"));
        }

        List<String> found = new ArrayList<>();
        String next = "";
        do {
            JsonObject page =
                    somebody.get(LOG + "?page[size]=2" + next).expect(200).json();
            page.getJsonArray("data").stream()
                    .map(JsonObject.class::cast)
                    .map(entry -> entry.getString("resource").replace("webhook_endpoint:", ""))
                    .forEach(found::add);
            String cursor = page.getJsonObject("meta").getJsonObject("page").getString("next");
            next = cursor == null ? "" : "&page[after]=" + cursor;
        } while (!next.isEmpty());

        assertThat(found.subList(0, made.size())).isEqualTo(made);
        assertThat(found.subList(made.size(), found.size()))
                .as("what came before")
                .singleElement()
                .asString()
                .startsWith("api_key:");
    }

    @Test
    void listAuditLog_filters_mustAllHold() {
        ContractClient somebody = GATEWAY.get().client("ns-" + UUID.randomUUID());
        String id = somebody.post(ENDPOINTS, ENDPOINT).expect(201).json().getString("id");
        JsonObject entry = list(somebody, "").get(0);

        assertThat(list(somebody, filter("actor", entry.getString("actor")))).hasSize(1);
        assertThat(list(somebody, filter("actor", "api_key:another"))).isEmpty();
        assertThat(list(somebody, filter("resource", "webhook_endpoint:" + id) + "&filter[action]=customer.created"))
                .isEmpty();
        assertThat(list(somebody, filter("from", entry.getString("at")))).hasSize(1);
        assertThat(list(somebody, filter("to", "2026-01-01T00:00:00+02:00"))).isEmpty();
        somebody.get(LOG + filter("to", "yesterday")).expect(400);
        somebody.get(LOG + "?filter[namespace]=other").expect(400);
    }

    @Test
    void listAuditLog_linkedEntry_tellsItsPosition() {
        ContractClient somebody = GATEWAY.get().client("ns-" + UUID.randomUUID());
        somebody.post(ENDPOINTS, ENDPOINT).expect(201);

        // By the gateway's own round, or by this one if it is first.
        Awaitility.await().untilAsserted(() -> {
            TestGateway.await(GATEWAY.get().gateway().linkAuditNow());
            assertThat(list(somebody, "").get(0).getLong("position")).isPositive();
        });
    }
}
