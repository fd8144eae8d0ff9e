package io.checkoutgateway.journeys;

import static io.checkoutgateway.testing.TestGateway.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.checkoutgateway.access.Scope;
import io.checkoutgateway.testing.ContractClient;
import io.checkoutgateway.testing.ContractClient.Answer;
import io.checkoutgateway.testing.GatewayExtension;
import io.checkoutgateway.testing.Refusals;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** API keys are made, seen, used and ended over the API; what they are, only their owner knows. */
class ApiKeysTest {
    @RegisterExtension
    private static final GatewayExtension GATEWAY = new GatewayExtension();

    private static final String KEYS = "/api/v1/admin/api-keys";
    private static final String SESSIONS = "/api/v1/checkout-sessions";

    private static ContractClient client() {
        return GATEWAY.client();
    }

    private static JsonObject wanted(String... scopes) {
        return new JsonObject().put("name", "billing").put("scopes", new JsonArray(Arrays.asList(scopes)));
    }

    private static ContractClient using(JsonObject key) {
        return new ContractClient(GATEWAY.get().url(), key.getString("key"));
    }

    private static JsonObject read(JsonObject key) {
        return client().get(KEYS + "/" + key.getString("id")).expect(200).json();
    }

    private static Answer revoke(ContractClient client, String id) {
        return client.send("DELETE", KEYS + "/" + id, BodyPublishers.noBody(), null);
    }

    @Test
    void create_key_opensWhatItsScopesSay() {
        Answer answer =
                client().post(KEYS, wanted("sessions:read", "webhooks:write")).expect(201);
        JsonObject key = answer.json();

        assertThat(answer.header("Location")).isEqualTo(KEYS + "/" + key.getString("id"));
        assertThat(key.getString("key")).startsWith("cgk_" + key.getString("id") + "_");
        using(key).get(SESSIONS).expect(200);
        using(key).get("/api/v1/webhook-endpoints").expect(200);
        using(key).get(KEYS).expect(403);
    }

    @Test
    void create_repeatedWithItsKey_isTheSameKeyWithoutItsText() {
        ContractClient keyed =
                client().with("Idempotency-Key", UUID.randomUUID().toString());
        JsonObject first = keyed.post(KEYS, wanted("sessions:read")).expect(201).json();

        Answer second = keyed.post(KEYS, wanted("sessions:read")).expect(201);

        assertThat(second.header("Idempotent-Replayed")).isEqualTo("true");
        assertThat(second.json()).isEqualTo(without(first));
        using(first).get(SESSIONS).expect(200);
        keyed.post(KEYS, wanted("admin")).expect(422);
    }

    private static JsonObject without(JsonObject key) {
        JsonObject copy = key.copy();
        copy.remove("key");
        return copy;
    }

    @Test
    void create_key_isNowhereInTheDatabase() {
        ContractClient keyed =
                client().with("Idempotency-Key", UUID.randomUUID().toString());
        JsonObject key = keyed.post(KEYS, wanted("sessions:read")).expect(201).json();
        String secret = key.getString("key").substring(key.getString("key").length() - 72);

        assertThat(
                        GATEWAY.database()
                                .rows(
                                        """
                                SELECT convert_from(body, 'UTF8') FROM checkout_gateway.idempotency_keys
                                UNION ALL SELECT k::text FROM checkout_gateway.api_keys k
                                UNION ALL SELECT a::text FROM checkout_gateway.audit_log a
                                """))
                .isNotEmpty()
                .noneMatch(row -> row.get(0).contains(secret));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "name          | {\"scopes\": [\"admin\"]}",
                "name          | {\"name\": \"\", \"scopes\": [\"admin\"]}",
                "name          | {\"name\": \"  \", \"scopes\": [\"admin\"]}",
                "scopes        | {\"name\": \"a\"}",
                "scopes        | {\"name\": \"a\", \"scopes\": []}",
                "scopes.0      | {\"name\": \"a\", \"scopes\": [\"root\"]}",
                "scopes        | {\"name\": \"a\", \"scopes\": [\"admin\", \"admin\"]}",
                "expires_at    | {\"name\": \"a\", \"scopes\": [\"admin\"], \"expires_at\": \"tomorrow\"}",
                "expires_at    | {\"name\": \"a\", \"scopes\": [\"admin\"], \"expires_at\": \"2027-02-30T00:00:00Z\"}",
                "expires_at    | {\"name\": \"a\", \"scopes\": [\"admin\"], \"expires_at\": \"2020-01-01T00:00:00Z\"}",
                "namespace     | {\"name\": \"a\", \"scopes\": [\"admin\"], \"namespace\": \"other\"}"
            })
    void create_badRequest_isRefusedByName(String field, String body) {
        Refusals.assertNames(client().post(KEYS, body).expect(400), field, "");
    }

    @Test
    void create_withAnEnd_isRefusedFromThenOn() {
        Instant end = Instant.now().plusSeconds(3_600);
        JsonObject key = client().post(KEYS, wanted("sessions:read").put("expires_at", end.toString()))
                .expect(201)
                .json();
        using(key).get(SESSIONS).expect(200);

        GATEWAY.database()
                .execute("UPDATE checkout_gateway.api_keys SET expires_at = now() WHERE id = '" + key.getString("id")
                        + "'");

        using(key).get(SESSIONS).expect(401);
    }

    @Test
    void revoke_oneOfTwo_endsItForGoodAndLeavesTheOther() {
        JsonObject old =
                client().post(KEYS, wanted("sessions:read")).expect(201).json();
        JsonObject replacement =
                client().post(KEYS, wanted("sessions:read")).expect(201).json();
        using(old).get(SESSIONS).expect(200);

        revoke(client(), old.getString("id")).expect(204);

        using(old).get(SESSIONS).expect(401);
        using(replacement).get(SESSIONS).expect(200);
        String revokedAt = read(old).getString("revoked_at");
        assertThat(revokedAt).isNotNull();
        revoke(client(), old.getString("id")).expect(204);
        assertThat(read(old).getString("revoked_at")).isEqualTo(revokedAt);
    }

    @Test
    void revoke_keyOfAnotherNamespace_doesNotExist() {
        JsonObject key =
                client().post(KEYS, wanted("sessions:read")).expect(201).json();
        ContractClient stranger = GATEWAY.get().client("stranger");

        revoke(stranger, key.getString("id")).expect(404);
        stranger.get(KEYS + "/" + key.getString("id")).expect(404);

        using(key).get(SESSIONS).expect(200);
    }

    @Test
    void list_pages_holdEveryKeyOfTheNamespaceOnceAndNoText() {
        ContractClient tenant = GATEWAY.get().client("lists-keys");
        for (int count = 0; count < 4; count++) {
            tenant.post(KEYS, wanted("sessions:read")).expect(201);
        }
        List<JsonObject> listed = new ArrayList<>();
        String cursor = "";
        do {
            JsonObject page =
                    tenant.get(KEYS + "?page[size]=2" + cursor).expect(200).json();
            page.getJsonArray("data").forEach(key -> listed.add((JsonObject) key));
            String next = page.getJsonObject("meta").getJsonObject("page").getString("next");
            cursor = next == null ? "" : "&page[after]=" + next;
        } while (!cursor.isEmpty());

        assertThat(listed).hasSize(5).noneMatch(key -> key.containsKey("key"));
        assertThat(listed).extracting(key -> key.getString("id")).doesNotHaveDuplicates();
    }

    @Test
    void use_ofAKey_isNotedAfterwardsAndNotWithEachRequest() {
        JsonObject key =
                client().post(KEYS, wanted("sessions:read")).expect(201).json();
        assertThat(read(key).containsKey("last_used_at")).isFalse();
        using(key).get(SESSIONS).expect(200);

        // By the gateway's own round, or by this one if it is first.
        await(GATEWAY.get().gateway().noteKeyUsesNow().mapEmpty());
        String noted = Awaitility.await().until(() -> read(key).getString("last_used_at"), Objects::nonNull);
        using(key).get(SESSIONS).expect(200);
        await(GATEWAY.get().gateway().noteKeyUsesNow().mapEmpty());

        assertThat(read(key).getString("last_used_at")).isEqualTo(noted);
    }

    @Test
    void createAndRevoke_areToldInTheAuditTrail() {
        JsonObject key = client().with("X-Request-Id", "made-" + UUID.randomUUID())
                .post(KEYS, wanted("sessions:read"))
                .expect(201)
                .json();
        revoke(client(), key.getString("id")).expect(204);
        revoke(client(), key.getString("id")).expect(204);

        assertThat(GATEWAY.database()
                        .rows(
                                """
                                SELECT action, before_hash IS NULL, after_hash IS NULL, actor LIKE 'api_key:%%'
                                FROM checkout_gateway.audit_log WHERE resource = 'api_key:%s' ORDER BY id
                                """
                                        .formatted(key.getString("id"))))
                .containsExactly(List.of("api_key.created", "t", "f", "t"), List.of("api_key.revoked", "f", "f", "t"));
    }

    @Test
    void scopes_ofTheContract_areThoseOfTheProgram() {
        JsonObject contract =
                new JsonObject(client().get("/openapi.json").expect(200).body());

        assertThat(contract
                        .getJsonObject("components")
                        .getJsonObject("schemas")
                        .getJsonObject("ApiKeyScope")
                        .getJsonArray("enum")
                        .stream()
                        .map(String::valueOf))
                .containsExactlyInAnyOrderElementsOf(
                        Arrays.stream(Scope.values()).map(Scope::word).toList());
    }
}
