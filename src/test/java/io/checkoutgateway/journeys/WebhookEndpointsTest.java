package io.checkoutgateway.journeys;

import static io.checkoutgateway.journeys.OutgoingScene.ENDPOINTS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.checkoutgateway.testing.ContractClient;
import io.checkoutgateway.testing.ContractClient.Answer;
import io.checkoutgateway.testing.Refusals;
import io.checkoutgateway.testing.TestGateway;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Endpoints as callers register and change them, on a gateway with the presets; nothing is sent. */
class WebhookEndpointsTest {
    /** An address, so that no name service is asked. */
    private static final String PUBLIC = "https://1.1.1.1/hooks";

    private static TestGateway gateway;

    @BeforeAll
    static void start() {
        gateway = TestGateway.start();
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    /** A client of a namespace that nobody else uses. */
    private static ContractClient somebody() {
        return gateway.client("ns-" + UUID.randomUUID());
    }

    private static JsonObject body(String url) {
        return new JsonObject().put("url", url);
    }

    private static JsonObject create(ContractClient client) {
        return client.post(ENDPOINTS, body(PUBLIC)).expect(201).json();
    }

    private static String path(JsonObject endpoint) {
        return ENDPOINTS + "/" + endpoint.getString("id");
    }

    private static Answer patch(ContractClient client, JsonObject endpoint, JsonObject change) {
        return client.send("PATCH", path(endpoint), BodyPublishers.ofString(change.encode()), "application/json");
    }

    private static Answer delete(ContractClient client, JsonObject endpoint) {
        return client.send("DELETE", path(endpoint), BodyPublishers.noBody(), null);
    }

    @Test
    void createWebhookEndpoint_showsTheSecretOnce() {
        ContractClient client = somebody();
        Answer created = client.post(
                        ENDPOINTS,
                        body(PUBLIC)
                                .put("description", "Billing")
                                .put("event_types", new JsonArray().add("checkout_session.completed")))
                .expect(201);
        JsonObject endpoint = created.json();

        assertThat(endpoint.getString("secret")).matches("whsec_[A-Za-z0-9+/]{43}=");
        assertThat(created.header("Location")).isEqualTo(path(endpoint));
        JsonObject read = client.get(path(endpoint)).expect(200).json();
        assertThat(read.containsKey("secret")).isFalse();
        assertThat(read.copy().put("secret", endpoint.getString("secret"))).isEqualTo(endpoint);
        assertThat(client.get(ENDPOINTS).expect(200).body()).doesNotContain("whsec_");
        assertThat(patch(client, endpoint, new JsonObject().put("description", ""))
                        .expect(200)
                        .body())
                .doesNotContain("whsec_", "Billing");
    }

    @Test
    void createWebhookEndpoint_sameKey_isAnsweredTheSameAndTheSecretIsStoredOnce() {
        ContractClient client =
                somebody().with("Idempotency-Key", UUID.randomUUID().toString());
        Answer first = client.post(ENDPOINTS, body(PUBLIC)).expect(201);
        Answer again = client.post(ENDPOINTS, body(PUBLIC)).expect(201);

        assertThat(again.body()).isEqualTo(first.body());
        assertThat(again.header("Idempotent-Replayed")).isEqualTo("true");
        client.post(ENDPOINTS, body(PUBLIC + "/other")).expect(422);
        assertThat(gateway.database()
                        .rows("SELECT 1 FROM checkout_gateway.idempotency_keys"
                                + " WHERE convert_from(body, 'UTF8') LIKE '%whsec%'"))
                .isEmpty();
        assertThat(client.get(ENDPOINTS).json().getJsonArray("data")).hasSize(1);
    }

    @Test
    void createWebhookEndpoint_repeatedAfterARotationAndAfterARemoval_isAnsweredTheSameBytes() {
        ContractClient client = somebody();
        ContractClient once = client.with("Idempotency-Key", "once");
        Answer first = once.post(ENDPOINTS, body(PUBLIC)).expect(201);
        client.post(path(first.json()) + "/rotate-secret").expect(200);

        Answer afterARotation = once.post(ENDPOINTS, body(PUBLIC)).expect(201);
        delete(client, first.json()).expect(204);
        Answer afterARemoval = once.post(ENDPOINTS, body(PUBLIC)).expect(201);

        assertThat(afterARotation.body()).isEqualTo(first.body());
        assertThat(afterARemoval.body()).isEqualTo(first.body());
        assertThat(afterARemoval.header("Location")).isEqualTo(first.header("Location"));
        assertThat(client.get(ENDPOINTS).json().getJsonArray("data")).isEmpty();
    }

    /** As when its name leads elsewhere by now: what one replica may reach is nothing that another may. */
    @Test
    void createWebhookEndpoint_repeatedWhenTheUrlIsNoLongerAllowed_isAnsweredTheSameBytes() {
        String namespace = "ns-" + UUID.randomUUID();
        ContractClient client = gateway.client(namespace).with("Idempotency-Key", "once");
        try (TestGateway lenient = gateway.replica(Map.of("GATEWAY_OUTGOING_NETWORKS", "10.0.0.0/8"))) {
            Answer first = lenient.client(namespace)
                    .with("Idempotency-Key", "once")
                    .post(ENDPOINTS, body("https://10.0.0.1/hooks"))
                    .expect(201);

            assertThat(client.post(ENDPOINTS, body("https://10.0.0.1/hooks"))
                            .expect(201)
                            .body())
                    .isEqualTo(first.body());
        }
        client.with("Idempotency-Key", "another")
                .post(ENDPOINTS, body("https://10.0.0.1/hooks"))
                .expect(400);
    }

    static Stream<Arguments> badUrls() {
        return Stream.of(
                arguments("ftp://1.1.1.1/", "must be an absolute https:// URL"),
                arguments("https://user:word@1.1.1.1/", "must not hold a user"),
                arguments("https://1.1.1.1:22/", "must use port 443"),
                arguments("https://" + "a".repeat(2048), "must be an absolute https:// URL"),
                arguments("http://1.1.1.1/", "must be https"),
                arguments("http://127.0.0.1:8080/", "must be https"),
                arguments("https://127.0.0.1/", "must lead to public addresses only"),
                arguments("https://localhost/", "must lead to public addresses only"),
                arguments("https://2130706433/", "must name a host that can be found"), // 127.0.0.1 to some readers
                arguments("https://10.0.0.1/", "must lead to public addresses only"),
                arguments("https://169.254.169.254/latest/meta-data/", "must lead to public addresses only"),
                arguments("https://[::1]/", "must lead to public addresses only"),
                arguments("https://[::ffff:10.0.0.1]/", "must lead to public addresses only"),
                arguments("https://[fd00:ec2::254]/", "must lead to public addresses only"));
    }

    @ParameterizedTest
    @MethodSource("badUrls")
    void createWebhookEndpoint_badUrl_isRefusedByNameAndWithoutTheAddress(String url, String reason) {
        ContractClient client = somebody();
        Answer refused = client.post(ENDPOINTS, body(url)).expect(400);

        Refusals.assertNames(refused, "url", reason);
        assertThat(refused.body()).doesNotContain("127.0.0.1", "10.0.0.1", "169.254");
        assertThat(client.get(ENDPOINTS).json().getJsonArray("data")).isEmpty();
        Refusals.assertNames(patch(client, create(client), body(url)).expect(400), "url", reason);
    }

    @Test
    void createWebhookEndpoint_unknownEventType_isRefusedByName() {
        Answer refused = somebody()
                .post(ENDPOINTS, body(PUBLIC).put("event_types", new JsonArray().add("checkout_session.paid")))
                .expect(400);

        assertThat(refused.json().getJsonArray("invalid_parameters").encode()).contains("event_types");
    }

    @Test
    void createWebhookEndpoint_fiftyOne_isRefused() {
        ContractClient client = somebody();
        for (int count = 0; count < 50; count++) {
            create(client);
        }

        client.post(ENDPOINTS, body(PUBLIC)).expect(409);
        create(somebody());
    }

    @Test
    void updateWebhookEndpoint_changesOnlyWhatIsGiven() {
        ContractClient client = somebody();
        JsonObject endpoint = client.post(ENDPOINTS, body(PUBLIC).put("description", "Billing"))
                .expect(201)
                .json();

        JsonObject changed = patch(client, endpoint, new JsonObject().put("enabled", false))
                .expect(200)
                .json();

        assertThat(changed.getString("disabled_reason")).isEqualTo("requested");
        assertThat(changed.getString("description")).isEqualTo("Billing");
        assertThat(changed.getString("url")).isEqualTo(PUBLIC);
        assertThat(changed.getInteger("version")).isEqualTo(2);
        JsonObject enabled = patch(client, endpoint, new JsonObject().put("enabled", true))
                .expect(200)
                .json();
        assertThat(enabled.fieldNames()).doesNotContain("disabled_reason", "disabled_at");
        patch(client, endpoint, new JsonObject()).expect(400);
    }

    @Test
    void updateWebhookEndpoint_ifMatch_holdsOnlyForTheStateItNames() {
        ContractClient client = somebody();
        JsonObject endpoint = create(client);
        String etag = client.get(path(endpoint)).header("ETag");
        JsonObject change = new JsonObject().put("description", "Mine");

        Answer changed = patch(client.with("If-Match", etag), endpoint, change).expect(200);

        assertThat(changed.header("ETag")).isNotEqualTo(etag);
        assertThat(patch(client.with("If-Match", etag), endpoint, change)
                        .expect(412)
                        .json()
                        .getString("code"))
                .isEqualTo("precondition_failed");
        patch(client.with("If-Match", "W/" + changed.header("ETag")), endpoint, change)
                .expect(412);
        patch(client.with("If-Match", "*"), endpoint, change).expect(200);
        delete(client, endpoint).expect(204);
        patch(client.with("If-Match", etag), endpoint, change).expect(404);
    }

    @Test
    void rotateSecret_sixth_isRefusedUntilAnOldOneHasExpired() {
        ContractClient client = somebody();
        JsonObject endpoint = create(client);
        for (int count = 2; count <= 5; count++) {
            client.post(path(endpoint) + "/rotate-secret").expect(200);
        }

        client.post(path(endpoint) + "/rotate-secret").expect(409);
        gateway.database()
                .execute("UPDATE checkout_gateway.webhook_secrets SET expires_at = now() WHERE id = "
                        + "(SELECT min(id) FROM checkout_gateway.webhook_secrets WHERE endpoint_id = '%s')"
                                .formatted(endpoint.getString("id")));
        client.post(path(endpoint) + "/rotate-secret").expect(200);
    }

    @Test
    void rotateSecret_sameKey_isOneRotationAndTheSameAnswer() {
        ContractClient client = somebody();
        JsonObject endpoint = create(client);
        ContractClient once = client.with("Idempotency-Key", "once");

        Answer first = once.post(path(endpoint) + "/rotate-secret").expect(200);
        client.post(path(endpoint) + "/rotate-secret").expect(200);
        Answer again = once.post(path(endpoint) + "/rotate-secret").expect(200);

        assertThat(again.body()).isEqualTo(first.body());
        assertThat(again.header("Idempotent-Replayed")).isEqualTo("true");
        assertThat(again.header("ETag")).isEqualTo(first.header("ETag"));
        assertThat(gateway.database()
                        .rows("SELECT count(*) FROM checkout_gateway.webhook_secrets WHERE endpoint_id = '%s'"
                                .formatted(endpoint.getString("id"))))
                .containsExactly(List.of("3"));
    }

    @Test
    void rotateSecret_repeatedAfterTheEndpointWasDeleted_isAnsweredTheSame() {
        ContractClient client = somebody();
        JsonObject endpoint = create(client);
        ContractClient once = client.with("Idempotency-Key", "once");
        Answer first = once.post(path(endpoint) + "/rotate-secret").expect(200);
        delete(client, endpoint).expect(204);

        Answer again = once.post(path(endpoint) + "/rotate-secret").expect(200);

        assertThat(again.body()).isEqualTo(first.body());
        assertThat(again.header("Idempotent-Replayed")).isEqualTo("true");
        client.with("Idempotency-Key", "another")
                .post(path(endpoint) + "/rotate-secret")
                .expect(404);
    }

    @Test
    void rotateSecret_sameKeyForAnotherEndpoint_isRefused() {
        ContractClient client = somebody();
        ContractClient once = client.with("Idempotency-Key", "once");
        once.post(path(create(client)) + "/rotate-secret").expect(200);

        Answer refused = once.post(path(create(client)) + "/rotate-secret").expect(422);

        assertThat(refused.json().getString("code")).isEqualTo("idempotency_key_reused");
    }

    @Test
    void deleteWebhookEndpoint_forgetsItsSecrets() {
        ContractClient client = somebody();
        JsonObject endpoint = create(client);

        delete(client, endpoint).expect(204);

        client.get(path(endpoint)).expect(404);
        delete(client, endpoint).expect(404);
        assertThat(client.get(ENDPOINTS).json().getJsonArray("data")).isEmpty();
        assertThat(gateway.database()
                        .rows("SELECT 1 FROM checkout_gateway.webhook_secrets WHERE endpoint_id = '%s'"
                                .formatted(endpoint.getString("id"))))
                .isEmpty();
    }

    @Test
    void endpoints_ofAnotherNamespace_doNotExist() {
        JsonObject endpoint = create(somebody());
        ContractClient stranger = somebody();

        assertThat(stranger.get(ENDPOINTS).expect(200).json().getJsonArray("data"))
                .isEmpty();
        stranger.get(path(endpoint)).expect(404);
        patch(stranger, endpoint, new JsonObject().put("enabled", false)).expect(404);
        delete(stranger, endpoint).expect(404);
        stranger.post(path(endpoint) + "/rotate-secret").expect(404);
        stranger.post(path(endpoint) + "/test").expect(404);
        stranger.get(path(endpoint) + "/deliveries").expect(404);
        stranger.post(path(endpoint) + "/deliveries/1/redeliver").expect(404);
    }

    @Test
    void listWebhookEndpoints_inPages_showsEachOnce() {
        ContractClient client = somebody();
        List<String> ids =
                Stream.generate(() -> create(client).getString("id")).limit(3).toList();

        JsonObject first = client.get(ENDPOINTS + "?page[size]=2").expect(200).json();
        String next = first.getJsonObject("meta").getJsonObject("page").getString("next");
        JsonObject second = client.get(ENDPOINTS + "?page[size]=2&page[after]=" + next)
                .expect(200)
                .json();

        assertThat(Stream.of(first, second)
                        .flatMap(page -> page.getJsonArray("data").stream())
                        .map(item -> ((JsonObject) item).getString("id")))
                .isEqualTo(ids);
    }

    @Test
    void deliveries_unknownStateFilterOrId_areRefused() {
        ContractClient client = somebody();
        JsonObject endpoint = create(client);

        client.get(path(endpoint) + "/deliveries?filter[type]=a").expect(400);
        client.post(path(endpoint) + "/deliveries/1/redeliver").expect(404);
        client.post(path(endpoint) + "/deliveries/first/redeliver").expect(404);
        assertThat(client.get(path(endpoint) + "/deliveries?filter[state]=unheard-of")
                        .expect(200)
                        .json()
                        .getJsonArray("data"))
                .isEmpty();
    }
}
