package io.checkoutgateway.journeys;

import static io.checkoutgateway.testing.AppScene.APPS;
import static io.checkoutgateway.testing.AppScene.INSTALL;
import static io.checkoutgateway.testing.AppScene.path;
import static io.checkoutgateway.testing.AppScene.soon;
import static org.assertj.core.api.Assertions.assertThat;

import io.checkoutgateway.sandbox.faults.Effect;
import io.checkoutgateway.sandbox.faults.Fault;
import io.checkoutgateway.testing.AppScene;
import io.checkoutgateway.testing.ContractClient;
import io.checkoutgateway.testing.SandboxAccount;
import io.checkoutgateway.testing.SignedEvent;
import io.checkoutgateway.testing.TestGateway;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The app of the settings beside those of the API, and gateways in which nothing can be installed. */
class ConfiguredAppTest {
    @Test
    void configuredApp_isListedAndStaysAsTheSettingsSay() {
        try (TestGateway gateway = TestGateway.start()) {
            ContractClient client = gateway.client();
            JsonObject app =
                    client.get(APPS).expect(200).json().getJsonArray("data").getJsonObject(0);

            assertThat(app.getString("masked_api_key")).isEqualTo("sk_test_***way");
            soon(() -> assertThat(client.get(path(app)).json().getString("account_id"))
                    .startsWith("acct_"));
            JsonObject change = new JsonObject().put("type", "stripe").put("name", "Mine");
            assertThat(AppScene.put(client, app, change).expect(409).body()).contains("STRIPE_API_KEY");
            new AppScene(gateway, TestGateway.NAMESPACE, client, new SandboxAccount(gateway.sandbox()))
                    .delete(app)
                    .expect(409);
            client.post(AppScene.rotation(app)).expect(409);
        }
    }

    @Test
    void configuredApp_whoseKeyStripeRefused_isTriedAgainAtTheNextStartAndThatIsNotedOnce() {
        try (TestGateway gateway = TestGateway.start()) {
            gateway.database().execute("UPDATE checkout_gateway.apps SET state = 'unauthorized'");
            assertThat(status(gateway)).isEqualTo("unauthorized");

            gateway.restart();
            gateway.restart();

            assertThat(status(gateway)).isEqualTo("ready");
            assertThat(noted(gateway))
                    .containsExactly(
                            List.of("app.configured", "gateway", TestGateway.NAMESPACE, "start", "null", "t"),
                            List.of("app.key_confirmed", "gateway", TestGateway.NAMESPACE, "key-check", "t", "t"),
                            List.of("app.authorized", "gateway", TestGateway.NAMESPACE, "start", "t", "t"));
        }
    }

    @Test
    void configuredApp_whoseKeyStripeTakesAgain_whatWasGivenUpIsDoneAfterTheNextStart() {
        try (TestGateway gateway = TestGateway.start()) {
            gateway.database().execute("UPDATE checkout_gateway.apps SET state = 'unauthorized'");
            gateway.database()
                    .execute("INSERT INTO checkout_gateway.follow_ups (app_id, kind, subject, state)"
                            + " SELECT id, 'read_session', 'cs_test_unknown', 'given_up' FROM checkout_gateway.apps");

            gateway.restart();

            soon(() -> assertThat(gateway.database().rows("SELECT id FROM checkout_gateway.follow_ups"))
                    .isEmpty());
        }
    }

    private static List<List<String>> noted(TestGateway gateway) {
        return gateway.database()
                .rows(
                        """
                SELECT action, actor, namespace, request_id, before_hash <> after_hash, after_hash IS NOT NULL
                FROM checkout_gateway.audit_log
                WHERE resource LIKE 'app:%'
                ORDER BY id
                """);
    }

    @Test
    void configuredApp_comesGoesAndChangesItsKey_isNotedEachTimeAndAStartThatChangesNothingIsNot() {
        TestGateway free = TestGateway.startWithoutApps(Map.of());
        try (free) {
            SandboxAccount account = new SandboxAccount(free.sandbox());
            for (String name : List.of("own", "own", "next")) {
                free.replica(Map.of("STRIPE_API_KEY", account.key(name), "GATEWAY_HTTP_PORT", "0"))
                        .close();
            }
            free.restart();
            free.restart();
            free.replica(Map.of("STRIPE_API_KEY", account.key("next"), "GATEWAY_HTTP_PORT", "0"))
                    .close();

            assertThat(noted(free))
                    .extracting(entry -> entry.get(0))
                    .containsExactly(
                            "app.configured",
                            "app.key_confirmed",
                            "app.configured",
                            "app.key_confirmed",
                            "app.unconfigured",
                            "app.configured");
            assertThat(noted(free))
                    .allMatch(entry -> entry.subList(1, 3).equals(List.of("gateway", TestGateway.NAMESPACE)));
            assertThat(noted(free)).extracting(entry -> entry.get(3)).containsOnly("start", "key-check");
        }
    }

    private static String status(TestGateway gateway) {
        JsonObject page = gateway.client().get(APPS).expect(200).json();
        return page.getJsonArray("data").getJsonObject(0).getString("status");
    }

    @Test
    void installApp_ofTheConfiguredAccount_isRefused() {
        TestGateway free = TestGateway.startWithoutApps(Map.of());
        SandboxAccount account = new SandboxAccount(free.sandbox());
        Fault notToldAtStart = free.sandbox().faults().once("GET", "/v1/account", Effect.status(400));
        try (TestGateway gateway = free.replica(Map.of("STRIPE_API_KEY", account.key("own")))) {
            ContractClient client = gateway.client();
            TestGateway.await(notToldAtStart.struck());

            client.post(INSTALL, AppScene.request(account, true)).expect(409);
            JsonObject other = client.post(INSTALL, AppScene.request(new SandboxAccount(free.sandbox()), true))
                    .expect(201)
                    .json();

            assertThat(other.getJsonArray("default_for_capability_types")).isEmpty();
        } finally {
            free.close();
        }
    }

    @Test
    void configuredApp_thatTheSettingsNameNoMore_makesRoom() {
        TestGateway free = TestGateway.startWithoutApps(Map.of());
        SandboxAccount account = new SandboxAccount(free.sandbox());
        free.replica(Map.of("STRIPE_API_KEY", account.key("own"))).close();
        free.restart();
        try (free) {
            ContractClient client = free.client();
            assertThat(client.get(APPS).json().getJsonArray("data")).isEmpty();

            JsonObject installed = client.post(INSTALL, AppScene.request(account, true))
                    .expect(201)
                    .json();

            assertThat(installed.getJsonArray("default_for_capability_types"))
                    .isEqualTo(JsonArray.of("collect_payments"));
        }
    }

    @Test
    void installApp_whereStripeDoesNotReachTheGateway_isRefusedWithTheSetting() {
        try (TestGateway gateway = TestGateway.start()) {
            AppScene scene = AppScene.in(gateway);

            assertThat(scene.client()
                            .post(INSTALL, scene.request())
                            .expect(422)
                            .json()
                            .getString("detail"))
                    .contains("GATEWAY_PUBLIC_URL");
            assertThat(scene.client()
                            .post(INSTALL, AppScene.sandboxRequest())
                            .expect(422)
                            .json()
                            .getString("detail"))
                    .contains("GATEWAY_SANDBOX_API_BASE");
            scene.client().get("/api/v3/openmeter/app-catalog/sandbox").expect(404);
            assertThat(scene.account().endpoints()).isEmpty();
        }
    }

    @Test
    void installApp_besideAListener_registersNothingAndTakesItsSecret() {
        try (TestGateway gateway = TestGateway.startWithoutApps(
                Map.of("GATEWAY_WEBHOOK_REGISTRATION", "false", "STRIPE_WEBHOOK_SECRET", TestGateway.SIGNING_SECRET))) {
            AppScene scene = AppScene.in(gateway);
            JsonObject app = scene.install();
            SignedEvent event =
                    SignedEvent.of(SignedEvent.event("customer.updated", new JsonObject().put("id", "cus_1"))
                            .encode());

            assertThat(scene.account().endpoints()).isEmpty();
            scene.client()
                    .with("Stripe-Signature", event.signature())
                    .post("/api/v1/apps/" + app.getString("id") + "/stripe/webhook", event.body())
                    .expect(200);
            scene.client().post(AppScene.rotation(app)).expect(409);
        }
    }

    @Test
    void event_ofTheOtherMode_isStoredAndIgnored() {
        try (TestGateway gateway = TestGateway.start()) {
            JsonObject event = SignedEvent.event("customer.deleted", new JsonObject().put("id", "cus_1"))
                    .put("livemode", true);
            SignedEvent signed = SignedEvent.of(event.encode());

            gateway.client()
                    .with("Stripe-Signature", signed.signature())
                    .post(gateway.webhookUrl().getPath(), signed.body())
                    .expect(200);

            soon(() -> assertThat(gateway.client()
                            .get("/api/v1/admin/events/" + event.getString("id"))
                            .expect(200)
                            .json()
                            .encode())
                    .contains("\"ignored\"", "it is of the other mode"));
        }
    }
}
