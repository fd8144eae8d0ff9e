package io.checkoutgateway.testing;

import static io.checkoutgateway.testing.ContractClient.checkoutSessionsOf;
import static io.checkoutgateway.testing.ContractClient.hosted;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import io.checkoutgateway.sandbox.faults.Effect;
import io.checkoutgateway.testing.ContractClient.Answer;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.params.provider.Arguments;

/** A tenant of its own with an account of its own, on a gateway that others use too. */
public record AppScene(TestGateway gateway, String namespace, ContractClient client, SandboxAccount account) {
    public static final String INSTALL = "/api/v3/openmeter/app-catalog/install";
    public static final String APPS = "/api/v3/openmeter/apps";

    /** What one of them leaves to do the next one does, and the last finds nothing. */
    private static final int ROUNDS = 3;

    public static AppScene in(TestGateway gateway) {
        String namespace = "ns-" + UUID.randomUUID();
        return new AppScene(gateway, namespace, gateway.client(namespace), new SandboxAccount(gateway.sandbox()));
    }

    /** What installs the account. */
    public JsonObject request() {
        return request(account, true);
    }

    public static JsonObject request(SandboxAccount account, boolean profile) {
        return new JsonObject()
                .put("type", "stripe")
                .put("name", "Europe")
                .put("create_billing_profile", profile)
                .put("api_key", account.key("one"));
    }

    public static JsonObject sandboxRequest() {
        return new JsonObject().put("type", "sandbox").put("name", "Sandbox").put("create_billing_profile", true);
    }

    /** The installed app. */
    public JsonObject install() {
        return install(request());
    }

    public JsonObject install(JsonObject request) {
        return client.post(INSTALL, request).expect(201).json().getJsonObject("app");
    }

    public static String path(JsonObject app) {
        return APPS + "/" + app.getString("id");
    }

    public Answer put(JsonObject app, JsonObject change) {
        return put(client, app, change);
    }

    public static Answer put(ContractClient client, JsonObject app, JsonObject change) {
        return client.send("PUT", path(app), BodyPublishers.ofString(change.encode()), "application/json");
    }

    public Answer delete(JsonObject app) {
        return client.send("DELETE", path(app), BodyPublishers.noBody(), null);
    }

    public static String rotation(JsonObject app) {
        return "/api/v1/apps/" + app.getString("id") + "/rotate-webhook-secret";
    }

    public static String billingOf(String customer) {
        return "/api/v3/openmeter/customers/" + customer + "/billing";
    }

    /** What binds a customer to the app's billing profile. */
    public static JsonObject boundTo(JsonObject app) {
        return new JsonObject().put("billing_profile", new JsonObject().put("id", app.getString("id")));
    }

    /** A new customer's new session. */
    public Answer openSession() {
        return client.post(checkoutSessionsOf(gateway.customer(namespace)), hosted());
    }

    /** Opens a session, pays, and waits until the gateway has heard of it from Stripe. */
    public JsonObject complete() {
        JsonObject opened = openSession().expect(201).json();
        HostedPage.of(gateway.sandbox(), opened.getString("session_id")).pay(HostedPage.GOOD_CARD);
        String path = "/api/v1/checkout-sessions/" + opened.getString("session_id");
        soon(() -> assertThat(client.get(path).expect(200).json().getString("status"))
                .isEqualTo("complete"));
        return client.get(path).json();
    }

    public static void soon(ThrowingRunnable assertion) {
        Awaitility.await().untilAsserted(assertion);
    }

    /** The tenant's apps in the database, as id and state. */
    public List<List<String>> rows() {
        return rows(gateway.database(), namespace);
    }

    private static List<List<String>> rows(TestDatabase database, String namespace) {
        return database.rows(
                "SELECT id, state FROM checkout_gateway.apps WHERE namespace = '" + namespace + "' ORDER BY place");
    }

    /** Ways in which Stripe's answer is lost, and what the caller is told then. */
    public static Stream<Arguments> lostAnswers() {
        return Stream.of(
                argumentSet("lost on the way there", Effect.dropBefore(), 504),
                argumentSet("lost on the way back", Effect.dropAfter(), 504),
                argumentSet("garbled", Effect.malformedBody(), 502),
                argumentSet("unavailable", Effect.unavailable(), 502));
    }

    /**
     * Does what is to be done for the tenant's apps, as if every lease and pause were over, and as if the creates that
     * found them just before they were uninstalled had begun long ago.
     */
    public void settle() {
        for (int round = 0; round < ROUNDS; round++) {
            gateway.database()
                    .execute(
                            "UPDATE checkout_gateway.apps SET due_at = now(), deleted_at = deleted_at - interval '1 hour' WHERE due_at IS NOT NULL AND namespace = '"
                                    + namespace + "'");
            assertThat(TestGateway.await(gateway.gateway().workOnAppsNow())).isFalse();
        }
    }

    /** Does what is left to do for uninstalled apps, as if the creates that found them just before had begun long ago. */
    public void endRemovals() {
        soon(() -> {
            gateway.database()
                    .execute(
                            "UPDATE checkout_gateway.apps SET deleted_at = deleted_at - interval '1 hour', due_at = now() WHERE state = 'leaving' AND namespace = '"
                                    + namespace + "'");
            TestGateway.await(gateway.gateway().workOnAppsNow());
            assertThat(rows()).noneMatch(row -> row.get(1).equals("leaving"));
        });
    }

    /** The two ledgers agree: an endpoint at Stripe for each webhook of an app that is there, and no other. */
    public void assertLedgersAgree() {
        assertLedgersAgree(gateway.database(), namespace, account);
    }

    /** The same for a tenant of any gateway whose only account is this one. */
    public static void assertLedgersAgree(TestDatabase database, String namespace, SandboxAccount account) {
        List<String> ours = database
                .rows(
                        """
                        SELECT w.stripe_endpoint_id
                        FROM checkout_gateway.app_webhooks w
                        JOIN checkout_gateway.apps a ON a.id = w.app_id
                        WHERE a.namespace = '%s' AND a.state IN ('ready', 'unauthorized')
                        """
                                .formatted(namespace))
                .stream()
                .map(row -> row.get(0))
                .toList();
        assertThat(account.endpoints())
                .extracting(endpoint -> endpoint.getString("id"))
                .containsExactlyInAnyOrderElementsOf(ours);
        List<List<String>> rows = rows(database, namespace);
        long apps = rows.stream()
                .filter(row -> List.of("ready", "unauthorized").contains(row.get(1)))
                .count();
        assertThat(ours).hasSizeGreaterThanOrEqualTo((int) apps);
        assertThat(rows).noneMatch(row -> List.of("installing", "leaving").contains(row.get(1)));
    }
}
