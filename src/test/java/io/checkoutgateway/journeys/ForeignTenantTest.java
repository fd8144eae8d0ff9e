package io.checkoutgateway.journeys;

import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import io.checkoutgateway.testing.ContractClient;
import io.checkoutgateway.testing.ContractClient.Answer;
import io.checkoutgateway.testing.HostedPage;
import io.checkoutgateway.testing.PublishedOperations;
import io.checkoutgateway.testing.PublishedOperations.Described;
import io.checkoutgateway.testing.TestGateway;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whatever belongs to one tenant does not exist for another, who may do everything: for each operation of the contract
 * that names a thing in its path. The things are real; their owner can read them.
 */
class ForeignTenantTest {
    private static TestGateway gateway;
    private static ContractClient owner;
    private static ContractClient stranger;

    /** A thing of the owner by the path that leads to it. */
    private static final Map<String, String> THINGS = new HashMap<>();

    /** What is the same for all tenants. */
    private static final Set<String> OF_NOBODY = Set.of("get-app-catalog-item");

    @BeforeAll
    static void start() {
        gateway = TestGateway.start(Map.of("GATEWAY_OUTGOING_NETWORKS", "127.0.0.0/8"));
        owner = gateway.client();
        stranger = gateway.client("stranger");
        String app = TestGateway.await(gateway.gateway().app()).id();
        THINGS.put("/api/v3/openmeter/apps/{appId}", app);
        THINGS.put("/api/v1/apps/{appId}", app);
        makeSession();
        makeEndpoint();
        THINGS.put(
                "/api/v1/admin/api-keys/{keyId}",
                made(
                        "/api/v1/admin/api-keys",
                        new JsonObject().put("name", "a").put("scopes", new JsonArray().add("admin"))));
        gateway.database()
                .execute("INSERT INTO checkout_gateway.follow_ups (app_id, kind, subject, state) VALUES ('" + app
                        + "', 'read_session', 'cs_test_givenUp', 'given_up')");
        THINGS.put("/api/v1/admin/follow-ups/{followUpId}", givenUp());
        THINGS.put("/api/v1/admin/backfills/{runId}", made("/api/v1/admin/backfills", new JsonObject()));
        THINGS.put("/api/v1/admin/drift-reports/{runId}", made("/api/v1/admin/drift-reports", new JsonObject()));
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    private static String givenUp() {
        return gateway.database()
                .rows("SELECT id FROM checkout_gateway.follow_ups WHERE state = 'given_up'")
                .get(0)
                .get(0);
    }

    private static String made(String collection, JsonObject body) {
        return owner.post(collection, body).expect(201).json().getString("id");
    }

    private static void makeSession() {
        String customer = gateway.customer();
        String session = owner.post(ContractClient.checkoutSessionsOf(customer), ContractClient.hosted())
                .expect(201)
                .json()
                .getString("session_id");
        HostedPage.of(gateway.sandbox(), session).pay(HostedPage.GOOD_CARD);
        THINGS.put("/api/v3/openmeter/customers/{customerId}", customer);
        THINGS.put("/api/v1/checkout-sessions/{sessionId}", session);
        THINGS.put("/api/v1/djstripe/checkout-sessions/{id}", session);
        THINGS.put("/api/v1/admin/events/{eventId}", firstOf("/api/v1/admin/events", "event_id"));
    }

    private static void makeEndpoint() {
        String endpoints = "/api/v1/webhook-endpoints";
        String endpoint = made(endpoints, new JsonObject().put("url", "http://127.0.0.1:65535/hook"));
        THINGS.put(endpoints + "/{endpointId}", endpoint);
        // The endpoint hears of what comes after it.
        owner.post(ContractClient.checkoutSessionsOf(gateway.customer()), ContractClient.hosted())
                .expect(201);
        THINGS.put(
                endpoints + "/{endpointId}/deliveries/{deliveryId}",
                firstOf(endpoints + "/" + endpoint + "/deliveries", "id"));
    }

    private static String firstOf(String collection, String name) {
        return Awaitility.await()
                .until(() -> owner.get(collection).expect(200).json().getJsonArray("data"), found -> !found.isEmpty())
                .getJsonObject(0)
                .getString(name);
    }

    static Stream<Arguments> operations() {
        return PublishedOperations.all().stream()
                .filter(operation -> operation.needsCredential() && operation.hasParameters())
                .filter(operation -> !OF_NOBODY.contains(operation.id()))
                .map(operation -> argumentSet(operation.id(), operation));
    }

    private static String thing(Described operation, String path) {
        return Optional.ofNullable(THINGS.get(path))
                .orElseThrow(() -> new AssertionError("%s has %s in its path: teach %s how to make one"
                        .formatted(operation.id(), path, ForeignTenantTest.class.getSimpleName())));
    }

    private static Answer send(ContractClient client, Described operation) {
        String body = operation.body();
        BodyPublisher sent = body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body);
        return client.send(
                operation.method(),
                operation.path(path -> thing(operation, path)),
                sent,
                body == null ? null : "application/json");
    }

    @ParameterizedTest
    @MethodSource("operations")
    void operation_thingOfAnotherTenant_doesNotExist(Described operation) {
        send(stranger, operation).expect(404);
    }

    static Stream<Arguments> readings() {
        return PublishedOperations.all().stream()
                .filter(operation -> operation.needsCredential() && operation.hasParameters())
                .filter(operation -> !OF_NOBODY.contains(operation.id()))
                .filter(operation -> operation.method().equals("GET") && !operation.streams())
                .map(operation -> argumentSet(operation.id(), operation));
    }

    @ParameterizedTest
    @MethodSource("readings")
    void reading_thingOfTheCallersOwn_isThere(Described operation) {
        send(owner, operation).expect(200);
    }
}
