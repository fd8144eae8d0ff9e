package io.checkoutgateway.journeys;

import static org.assertj.core.api.Assertions.assertThat;

import io.checkoutgateway.store.StoredBodies;
import io.checkoutgateway.testing.AppScene;
import io.checkoutgateway.testing.ContractClient;
import io.checkoutgateway.testing.ContractClient.Answer;
import io.checkoutgateway.testing.TestGateway;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What opens a door to those who have it lies nowhere in the database as it was answered, kept answers included. */
class NothingInClearTest {
    private static final String ENDPOINTS = "/api/v1/webhook-endpoints";
    private static final String CONNECT_SECRET = "whsec_canary_of_the_connect_endpoint";

    private static TestGateway gateway;
    private static AppScene scene;
    private static ContractClient repeating;

    @BeforeAll
    static void start() {
        gateway = TestGateway.start(Map.of("GATEWAY_PUBLIC_URL", "http://127.0.0.1:65535"));
        scene = AppScene.in(gateway);
        repeating = scene.client().with("Idempotency-Key", "the-same-each-time");
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    /** Every column that can hold text, as {@code table.column}, in which this occurs. */
    private static List<String> placesOf(String text) {
        String quoted = "'" + text.replace("'", "''") + "'";
        String search = gateway
                .database()
                .rows("SELECT table_name, column_name, data_type FROM information_schema.columns"
                        + " WHERE table_schema = 'checkout_gateway'"
                        + " AND data_type IN ('text', 'character varying', 'json', 'jsonb', 'bytea', 'ARRAY')")
                .stream()
                .map(column -> "SELECT '%1$s.%2$s' WHERE EXISTS (SELECT FROM checkout_gateway.%1$s WHERE %3$s > 0)"
                        .formatted(
                                column.get(0),
                                column.get(1),
                                column.get(2).equals("bytea")
                                        ? "position(convert_to(%s, 'UTF8') IN %s)".formatted(quoted, column.get(1))
                                        : "position(%s IN %s::text)".formatted(quoted, column.get(1))))
                .collect(Collectors.joining(" UNION ALL "));
        Stream<String> bodies =
                StoredBodies.of(gateway.database()).contains(text) ? Stream.of("stripe_events.body") : Stream.empty();
        return Stream.concat(gateway.database().rows(search).stream().map(row -> row.get(0)), bodies)
                .distinct()
                .toList();
    }

    private static Answer openPortal(String customer) {
        return repeating.post(
                "/api/v3/openmeter/customers/" + customer + "/billing/stripe/portal-sessions",
                new JsonObject().put("stripe_options", new JsonObject()));
    }

    private static Answer rotate(JsonObject endpoint) {
        return repeating.post(ENDPOINTS + "/" + endpoint.getString("id") + "/rotate-secret");
    }

    @Test
    void operationsThatAnswerSecretsAndLinks_leaveNoneInClear() {
        JsonObject app = scene.install();
        scene.client().post(AppScene.rotation(app)).expect(200);
        scene.client()
                .put(
                        "/api/v1/apps/" + app.getString("id") + "/connect-webhook-secret",
                        new JsonObject().put("secret", CONNECT_SECRET))
                .expect(204);
        String apiKey = repeating
                .post(
                        "/api/v1/admin/api-keys",
                        new JsonObject().put("name", "a").put("scopes", new JsonArray().add("admin")))
                .expect(201)
                .json()
                .getString("key");
        JsonObject endpoint = repeating
                .post(ENDPOINTS, new JsonObject().put("url", "https://1.1.1.1/hooks"))
                .expect(201)
                .json();
        String rotated = rotate(endpoint).expect(200).json().getString("secret");
        String portal = openPortal(gateway.customer(scene.namespace()))
                .expect(201)
                .json()
                .getString("url");

        assertThat(placesOf(endpoint.getString("id")))
                .as("the search finds what is there")
                .contains("webhook_endpoints.id", "idempotency_keys.location", "audit_log.resource");
        for (String door : List.of(
                apiKey,
                endpoint.getString("secret"),
                rotated,
                portal,
                scene.account().key("one"),
                CONNECT_SECRET,
                "whsec_",
                // What makes it a secret, in case that it is kept without its beginning.
                apiKey.substring(apiKey.length() - 40),
                endpoint.getString("secret").substring(6),
                rotated.substring(6),
                portal.substring(portal.lastIndexOf('/') + 1))) {
            assertThat(placesOf(door)).as(door).isEmpty();
        }
    }

    /** Those are what the product serves: to whoever may read the session, and to repetitions of its create. */
    @Test
    void linkOfACheckoutSession_liesInItsRowAndInTheAnswerToItsCreateOnly() {
        String url = gateway.client()
                .with("Idempotency-Key", "a-session")
                .post(ContractClient.checkoutSessionsOf(gateway.customer()), ContractClient.hosted())
                .expect(201)
                .json()
                .getString("url");

        assertThat(placesOf(url)).containsExactlyInAnyOrder("checkout_sessions.stripe", "idempotency_keys.body");
    }

    @Test
    void repetitions_areAnsweredTheSameBytes() {
        AppScene other = AppScene.in(gateway);
        ContractClient client = other.client().with("Idempotency-Key", "again");
        other.install();
        String portal = "/api/v3/openmeter/customers/" + gateway.customer(other.namespace())
                + "/billing/stripe/portal-sessions";
        JsonObject body = new JsonObject().put("stripe_options", new JsonObject());

        Answer first = client.post(portal, body).expect(201);
        Answer again = client.post(portal, body).expect(201);

        assertThat(again.body()).isEqualTo(first.body());
        assertThat(again.header("Idempotent-Replayed")).isEqualTo("true");
        client.post(portal, new JsonObject().put("stripe_options", new JsonObject().put("locale", "fr")))
                .expect(422);
    }

    @Test
    void keptAnswers_swappedOrPlanted_areNotHandedOut() {
        AppScene other = AppScene.in(gateway);
        ContractClient one = other.client().with("Idempotency-Key", "one");
        ContractClient two = other.client().with("Idempotency-Key", "two");
        JsonObject endpoint = other.client()
                .post(ENDPOINTS, new JsonObject().put("url", "https://1.1.1.1/hooks"))
                .expect(201)
                .json();
        String rotation = ENDPOINTS + "/" + endpoint.getString("id") + "/rotate-secret";
        one.post(rotation).expect(200);
        two.post(rotation).expect(200);
        String mine = " WHERE namespace = '" + other.namespace() + "'";

        gateway.database()
                .execute("UPDATE checkout_gateway.sealed_answers a SET sealed = (SELECT b.sealed FROM"
                        + " checkout_gateway.sealed_answers b" + mine + " AND b.key <> a.key)" + mine);
        one.post(rotation).expect(500);

        gateway.database().execute("DELETE FROM checkout_gateway.sealed_answers" + mine);
        gateway.database()
                .execute("UPDATE checkout_gateway.idempotency_keys SET body = convert_to('{}', 'UTF8')" + mine);
        two.post(rotation).expect(500);
    }
}
