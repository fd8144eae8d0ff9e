package io.checkoutgateway.journeys;

import static io.checkoutgateway.testing.AppScene.soon;
import static org.assertj.core.api.Assertions.assertThat;

import io.checkoutgateway.testing.AppScene;
import io.checkoutgateway.testing.ContractClient;
import io.checkoutgateway.testing.ContractClient.Answer;
import io.checkoutgateway.testing.HostedPage;
import io.checkoutgateway.testing.TestGateway;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The gateway registers the endpoint that hears of connected accounts, rotates its secret and removes it. */
class ConnectEndpointTest {
    private static final AtomicInteger COUNT = new AtomicInteger();

    private static TestGateway gateway;

    @BeforeAll
    static void start() {
        gateway = TestGateway.startWithoutApps(Map.of());
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    private static String path(JsonObject app) {
        return "/api/v1/apps/" + app.getString("id") + "/connect-webhook-endpoint";
    }

    private static Answer send(ContractClient client, String method, JsonObject app) {
        return client.send(method, path(app), BodyPublishers.noBody(), null);
    }

    private static Answer rotate(AppScene scene, JsonObject app) {
        return rotate(scene.client(), app, 0);
    }

    private static Answer rotate(ContractClient client, JsonObject app, int overlapSeconds) {
        return client.post(
                "/api/v1/apps/" + app.getString("id") + "/rotate-connect-webhook-secret",
                new JsonObject().put("overlap_seconds", overlapSeconds));
    }

    private static String connectedAccount() {
        String account = "acct_1EndpointShop%04d".formatted(COUNT.incrementAndGet());
        gateway.sandbox().connect(account);
        return account;
    }

    private static String open(AppScene scene, String account) {
        JsonObject body = new JsonObject()
                .put("customer", new JsonObject().put("id", gateway.customer(scene.namespace())))
                .put("stripe_account", account)
                .put(
                        "stripe_options",
                        new JsonObject()
                                .put("success_url", "https://shop.example/done")
                                .put("currency", "EUR"));
        return scene.client()
                .post("/api/v1/checkout-sessions", body)
                .expect(201)
                .json()
                .getString("stripe_session_id");
    }

    /** A session in the account is paid, and the gateway hears of it from Stripe. */
    private static void assertHears(AppScene scene, String account) {
        String session = open(scene, account);
        HostedPage.of(gateway.sandbox(), session).pay(HostedPage.GOOD_CARD);
        soon(() -> assertThat(scene.client()
                        .get("/api/v1/checkout-sessions/" + session)
                        .expect(200)
                        .json()
                        .getString("status"))
                .isEqualTo("complete"));
    }

    private static void settle(AppScene scene) {
        soon(() -> {
            TestGateway.await(gateway.gateway().workOnAppsNow());
            assertThat(gateway.database()
                            .rows("SELECT 1 FROM checkout_gateway.apps WHERE due_at <= now() AND namespace = '"
                                    + scene.namespace() + "'"))
                    .isEmpty();
            // A loop that is at it has put the app off for as long as it may take.
            scene.assertLedgersAgree();
        });
    }

    private static List<String> actions(JsonObject app) {
        return gateway
                .database()
                .rows("SELECT action FROM checkout_gateway.audit_log WHERE resource = 'app:" + app.getString("id")
                        + "' ORDER BY id")
                .stream()
                .map(row -> row.get(0))
                .toList();
    }

    @Test
    void register_installedApp_hearsOfConnectedAccountsUntilItIsRemoved() {
        AppScene scene = AppScene.in(gateway);
        JsonObject app = scene.install();
        assertThat(send(scene.client(), "GET", app).expect(200).json().getString("status"))
                .isEqualTo("unregistered");

        JsonObject registered = send(scene.client(), "PUT", app).expect(200).json();
        JsonObject again = send(scene.client(), "PUT", app).expect(200).json();

        assertThat(registered.getString("status")).isEqualTo("registered");
        assertThat(again).isEqualTo(registered);
        assertThat(scene.account().endpoints())
                .hasSize(2)
                .filteredOn(endpoint -> endpoint.getString("id").equals(registered.getString("stripe_endpoint_id")))
                .singleElement()
                .satisfies(endpoint -> {
                    assertThat(endpoint.getString("api_version")).isEqualTo("2026-07-29.dahlia");
                    assertThat(endpoint.getJsonArray("enabled_events"))
                            .contains("checkout.session.completed", "account.application.deauthorized");
                });
        String account = connectedAccount();
        assertHears(scene, account);
        scene.complete();

        send(scene.client(), "DELETE", app).expect(204);
        send(scene.client(), "DELETE", app).expect(204);
        settle(scene);
        assertThat(scene.account().endpoints()).hasSize(1);
        assertThat(actions(app))
                .containsExactly("app.installed", "app.connect_endpoint_registered", "app.connect_endpoint_removed");
        send(scene.client(), "PUT", app).expect(200);
        assertHears(scene, account);
        scene.assertLedgersAgree();
    }

    @Test
    void deauthorized_isHeardThroughTheEndpoint_andLookedIntoAtOnce() {
        AppScene scene = AppScene.in(gateway);
        JsonObject app = scene.install();
        send(scene.client(), "PUT", app).expect(200);
        String account = connectedAccount();
        assertHears(scene, account);

        gateway.sandbox().deauthorize(account);

        // The event makes the account due and wakes the loop, and Stripe's answer decides.
        soon(() -> assertDeauthorized(scene, app, account));
    }

    private static void assertDeauthorized(AppScene scene, JsonObject app, String account) {
        assertThat(scene
                        .client()
                        .get("/api/v1/apps/" + app.getString("id") + "/connected-accounts")
                        .expect(200)
                        .json()
                        .getJsonArray("data")
                        .stream()
                        .map(JsonObject.class::cast)
                        .filter(listed -> listed.getString("account").equals(account)))
                .singleElement()
                .satisfies(listed -> {
                    assertThat(listed.getString("status")).isEqualTo("disconnected");
                    assertThat(listed.getString("disconnected_by")).isEqualTo("deauthorized");
                });
    }

    @Test
    void rotate_registeredEndpoint_replacesItAndLeavesTheAppsOwn() {
        AppScene scene = AppScene.in(gateway);
        JsonObject app = scene.install();
        rotate(scene, app).expect(409);
        JsonObject first = send(scene.client(), "PUT", app).expect(200).json();

        JsonObject second = rotate(scene, app).expect(200).json();
        settle(scene);

        assertThat(second.getString("stripe_endpoint_id")).isNotEqualTo(first.getString("stripe_endpoint_id"));
        assertThat(scene.account().endpoints()).hasSize(2);
        assertHears(scene, connectedAccount());
        scene.complete();
        scene.client().post(AppScene.rotation(app)).expect(200);
        assertThat(send(scene.client(), "GET", app).expect(200).json())
                .as("the app's own secret is another matter")
                .isEqualTo(second);
        assertThat(actions(app))
                .containsExactly(
                        "app.installed",
                        "app.connect_endpoint_registered",
                        "app.connect_secret_rotated",
                        "app.secret_rotated");
    }

    @Test
    void rotate_sameIdempotencyKey_isOneRotationAndTheSameAnswer() {
        AppScene scene = AppScene.in(gateway);
        JsonObject app = scene.install();
        send(scene.client(), "PUT", app).expect(200);
        ContractClient once = scene.client().with("Idempotency-Key", "once");

        Answer first = rotate(once, app, 0).expect(200);
        Answer again = rotate(once, app, 0).expect(200);
        rotate(once, app, 60).expect(422);

        assertThat(again.body()).isEqualTo(first.body());
        assertThat(again.header("Idempotent-Replayed")).isEqualTo("true");
        assertThat(actions(app))
                .containsExactly("app.installed", "app.connect_endpoint_registered", "app.connect_secret_rotated");
    }

    @Test
    void uninstall_appWithBothEndpoints_removesBoth() {
        AppScene scene = AppScene.in(gateway);
        JsonObject app = scene.install();
        send(scene.client(), "PUT", app).expect(200);

        scene.delete(app).expect(204);
        scene.endRemovals();

        assertThat(scene.account().endpoints()).isEmpty();
        assertThat(gateway.database()
                        .rows("SELECT 1 FROM checkout_gateway.app_secrets WHERE app_id = '" + app.getString("id")
                                + "'"))
                .isEmpty();
        send(scene.client(), "GET", app).expect(404);
        send(scene.client(), "PUT", app).expect(404);
        send(scene.client(), "DELETE", app).expect(404);
    }
}
