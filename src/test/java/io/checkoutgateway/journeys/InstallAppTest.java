package io.checkoutgateway.journeys;

import static io.checkoutgateway.testing.AppScene.APPS;
import static io.checkoutgateway.testing.AppScene.INSTALL;
import static io.checkoutgateway.testing.AppScene.path;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import io.checkoutgateway.events.EventReader;
import io.checkoutgateway.stripe.StripeSessions;
import io.checkoutgateway.testing.AppScene;
import io.checkoutgateway.testing.ContractClient;
import io.checkoutgateway.testing.ContractClient.Answer;
import io.checkoutgateway.testing.Refusals;
import io.checkoutgateway.testing.SandboxAccount;
import io.checkoutgateway.testing.TestGateway;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Accounts are connected over the API, on a gateway whose settings name none. */
class InstallAppTest {
    private static TestGateway gateway;

    @BeforeAll
    static void start() {
        gateway = TestGateway.startWithoutApps(Map.of());
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    @Test
    void installApp_ofAnAccount_registersItsEndpointAndShowsTheAppWithoutItsKey() {
        AppScene scene = AppScene.in(gateway);

        Answer installed = scene.client().post(INSTALL, scene.request()).expect(201);

        JsonObject app = installed.json().getJsonObject("app");
        assertThat(installed.header("Location")).isEqualTo(path(app));
        assertThat(installed.json().getJsonArray("default_for_capability_types"))
                .isEqualTo(JsonArray.of("collect_payments"));
        assertThat(app.getString("account_id")).isEqualTo(scene.account().id());
        assertThat(app.getString("masked_api_key")).isEqualTo("sk_test_***one");
        assertThat(app.getString("status")).isEqualTo("ready");
        assertThat(app.getBoolean("livemode")).isFalse();
        assertThat(scene.client().get(path(app)).expect(200).json()).isEqualTo(app);
        assertThat(scene.client().get(APPS).json().getJsonArray("data")).isEqualTo(JsonArray.of(app));
        assertRegistered(scene, app);
    }

    private static void assertRegistered(AppScene scene, JsonObject app) {
        assertThat(scene.account().endpoints()).singleElement().satisfies(endpoint -> {
            assertThat(endpoint.getString("url"))
                    .isEqualTo(gateway.settings().get("GATEWAY_PUBLIC_URL") + "/api/v1/apps/" + app.getString("id")
                            + "/stripe/webhook");
            assertThat(endpoint.getString("api_version")).isEqualTo(StripeSessions.API_VERSION);
            assertThat(Set.copyOf(endpoint.getJsonArray("enabled_events").getList()))
                    .isEqualTo(Set.copyOf(EventReader.TYPES));
            assertThat(endpoint.getJsonObject("metadata").getString("om_app_id"))
                    .isEqualTo(app.getString("id"));
        });
    }

    @Test
    void installApp_secrets_lieSealedInOneTableOnly() {
        AppScene scene = AppScene.in(gateway);
        JsonObject app = scene.client()
                .with("Idempotency-Key", UUID.randomUUID().toString())
                .post(INSTALL, scene.request())
                .expect(201)
                .json()
                .getJsonObject("app");

        assertThat(rows("SELECT kind FROM app_secrets WHERE app_id = '%s' ORDER BY kind", app))
                .containsExactly(List.of("app.api_key"), List.of("app.webhook_secret"));
        assertThat(rows("SELECT encode(sealed, 'escape') FROM app_secrets WHERE app_id = '%s'", app))
                .noneMatch(row -> row.get(0).contains("sk_test") || row.get(0).contains("whsec"));
        assertThat(rows("SELECT to_jsonb(a) FROM apps a WHERE id = '%s'", app))
                .noneMatch(row -> row.get(0).contains("SecretOfThisTest"));
        assertThat(rows("SELECT to_jsonb(w) FROM app_webhooks w WHERE app_id = '%s'", app))
                .noneMatch(row -> row.get(0).contains("whsec"));
        assertThat(rows("SELECT convert_from(body, 'UTF8') FROM idempotency_keys WHERE session_id = '%s'", app))
                .singleElement()
                .satisfies(row -> assertThat(row.get(0)).doesNotContain("SecretOfThisTest", "whsec"));
    }

    private static List<List<String>> rows(String sql, JsonObject app) {
        return gateway.database()
                .rows(sql.formatted(app.getString("id")).replaceAll("FROM (app|idem)", "FROM checkout_gateway.$1"));
    }

    @Test
    void createSession_throughAnInstalledApp_completesByItsOwnEndpoint() {
        AppScene scene = AppScene.in(gateway);
        JsonObject app = scene.install();

        JsonObject session = scene.complete();

        assertThat(session.getString("app_id")).isEqualTo(app.getString("id"));
        assertThat(gateway.sandbox()
                        .ledger()
                        .session(session.getString("stripe_session_id"))
                        .account())
                .isEqualTo(scene.account().id());
    }

    @Test
    void installApp_sameAccountAgain_isRefusedBeforeAnythingIsRegistered() {
        AppScene scene = AppScene.in(gateway);
        JsonObject app = scene.install();

        Answer refused = scene.client()
                .post(INSTALL, scene.request().put("api_key", scene.account().key("other")))
                .expect(409);

        assertThat(refused.json().getString("code")).isEqualTo("conflict");
        assertRegistered(scene, app);
    }

    @Test
    void installApp_sameAccountTwiceAtOnce_isInstalledOnce() {
        AppScene scene = AppScene.in(gateway);

        List<CompletableFuture<Answer>> answers = List.of(
                scene.client().postAsync(INSTALL, scene.request()),
                scene.client().postAsync(INSTALL, scene.request()));

        assertThat(answers.stream().map(CompletableFuture::join).map(Answer::status))
                .containsExactlyInAnyOrder(201, 409);
        scene.assertLedgersAgree();
        assertThat(scene.account().endpoints()).hasSize(1);
    }

    @Test
    void installApp_sameAccountInTwoNamespaces_servesBoth() {
        AppScene one = AppScene.in(gateway);
        AppScene other = AppScene.in(gateway);
        one.install();

        JsonObject app = other.install(AppScene.request(one.account(), true));

        assertThat(app.getString("account_id")).isEqualTo(one.account().id());
        assertThat(one.account().endpoints()).hasSize(2);
        one.complete();
    }

    @Test
    void installApp_sameIdempotencyKey_isAnsweredTheSame() {
        AppScene scene = AppScene.in(gateway);
        ContractClient client =
                scene.client().with("Idempotency-Key", UUID.randomUUID().toString());
        Answer first = client.post(INSTALL, scene.request()).expect(201);

        Answer again = client.post(INSTALL, scene.request()).expect(201);

        assertThat(again.body()).isEqualTo(first.body());
        assertThat(again.header("Idempotent-Replayed")).isEqualTo("true");
        client.post(INSTALL, scene.request().put("name", "Asia")).expect(422);
        assertThat(scene.account().endpoints()).hasSize(1);
    }

    @Test
    void installApp_keyThatStripeRefuses_isNamedAndLeavesNoTrace() {
        AppScene scene = AppScene.in(gateway);
        gateway.sandbox().expireKey(scene.account().key("one"));

        Answer refused = scene.client().post(INSTALL, scene.request()).expect(400);

        Refusals.assertNames(refused, "api_key", "not accepted by Stripe");
        assertThat(refused.body()).doesNotContain("SecretOfThisTest", "Expired");
        assertThat(scene.rows()).isEmpty();
    }

    @Test
    void installApp_keyThatMayNotRegisterEndpoints_isNamedAndUndone() {
        AppScene scene = AppScene.in(gateway);
        gateway.sandbox().restrictKey(scene.account().key("one"), Set.of("account_read"));

        Answer refused = scene.client().post(INSTALL, scene.request()).expect(400);

        Refusals.assertNames(refused, "api_key", "does not allow to register webhook endpoints");
        assertThat(scene.rows()).isEmpty();
    }

    static Stream<Arguments> badRequests() {
        return Stream.of(
                argumentSet("no key", "stripe", null, 400, "is required for apps of type stripe"),
                argumentSet("short key", "stripe", "sk_test_1", 400, "must be a secret or restricted key"),
                argumentSet("publishable key", "stripe", "pk_test_12345678901234", 400, "must be a secret"),
                argumentSet("useless key", "sandbox", "sk_test_12345678901234", 400, "belongs to apps of type stripe"),
                argumentSet("invoicing", "external_invoicing", null, 422, "sends no invoices"),
                argumentSet("unknown", "paypal", null, 400, "type"));
    }

    @ParameterizedTest
    @MethodSource("badRequests")
    void installApp_badRequest_isRefusedWithTheReason(String type, @Nullable String key, int status, String reason) {
        JsonObject request = new JsonObject().put("type", type).put("name", "x").put("create_billing_profile", true);
        if (key != null) {
            request.put("api_key", key);
        }

        Answer refused = AppScene.in(gateway).client().post(INSTALL, request).expect(status);

        assertThat(refused.body()).contains(reason);
    }

    @Test
    void installApp_sandbox_needsNoKeyAndWorks() {
        AppScene scene = AppScene.in(gateway);

        JsonObject app = scene.install(AppScene.sandboxRequest());

        assertThat(app.getMap()).doesNotContainKeys("account_id", "livemode", "masked_api_key");
        assertThat(scene.complete().getString("app_id")).isEqualTo(app.getString("id"));
    }

    @Test
    void installApp_secondProfile_replacesASandboxAsDefaultAndNothingElse() {
        AppScene scene = AppScene.in(gateway);
        scene.install(AppScene.sandboxRequest());
        JsonObject first = scene.install();

        JsonObject second = scene.client()
                .post(INSTALL, AppScene.request(new SandboxAccount(gateway.sandbox()), true))
                .expect(201)
                .json();

        assertThat(second.getJsonArray("default_for_capability_types")).isEmpty();
        assertThat(scene.complete().getString("app_id")).isEqualTo(first.getString("id"));
        JsonObject page = scene.client()
                .get(APPS + "?page[size]=1&page[number]=2")
                .expect(200)
                .json();
        assertThat(page.getJsonArray("data")).isEqualTo(JsonArray.of(first));
        assertThat(page.getJsonObject("meta").getJsonObject("page").getInteger("total"))
                .isEqualTo(3);
    }

    @Test
    void installApp_withoutAProfile_servesNobody() {
        AppScene scene = AppScene.in(gateway);

        scene.install(AppScene.request(scene.account(), false));

        assertThat(scene.openSession().expect(404).json().getString("detail"))
                .contains("No Stripe app serves the customers");
    }

    @Test
    void installApp_withoutAProfile_servesWhoeverAsksForItAndIsNobodysProfile() {
        AppScene scene = AppScene.in(gateway);
        JsonObject app = scene.install(AppScene.request(scene.account(), false));
        String customer = gateway.customer(scene.namespace());

        Answer refused = scene.client()
                .put(AppScene.billingOf(customer), AppScene.boundTo(app))
                .expect(404);

        assertThat(refused.json().getJsonArray("invalid_parameters").encode()).contains("billing_profile.id");
        JsonObject asked = ContractClient.hosted()
                .put("customer", new JsonObject().put("id", customer))
                .put("app_id", app.getString("id"));
        assertThat(scene.client()
                        .post("/api/v1/checkout-sessions", asked)
                        .expect(201)
                        .json()
                        .getString("app_id"))
                .isEqualTo(app.getString("id"));
    }

    @Test
    void listAppCatalog_showsWhatCanBeInstalled() {
        ContractClient client = AppScene.in(gateway).client();

        assertThat(client.get("/api/v3/openmeter/app-catalog")
                        .expect(200)
                        .json()
                        .getJsonArray("data"))
                .extracting(item -> ((JsonObject) item).getString("type"))
                .containsExactly("stripe", "sandbox");
        assertThat(client.get("/api/v3/openmeter/app-catalog/stripe")
                        .expect(200)
                        .json()
                        .getJsonArray("install_methods"))
                .isEqualTo(JsonArray.of("with_api_key"));
        client.get("/api/v3/openmeter/app-catalog/external_invoicing").expect(404);
        client.get("/api/v3/openmeter/app-catalog/install").expect(404);
    }

    @Test
    void apps_ofAnotherNamespace_doNotExist() {
        JsonObject app = AppScene.in(gateway).install();
        AppScene foreign = AppScene.in(gateway);

        foreign.client().get(path(app)).expect(404);
        foreign.put(app, new JsonObject().put("type", "stripe").put("name", "mine"))
                .expect(404);
        foreign.delete(app).expect(404);
        foreign.client().post(AppScene.rotation(app)).expect(404);
        for (String runs : List.of("backfills", "drift-reports")) {
            assertThat(foreign.client()
                            .post("/api/v1/admin/" + runs, new JsonObject().put("app_id", app.getString("id")))
                            .expect(404)
                            .json()
                            .getJsonArray("invalid_parameters")
                            .encode())
                    .contains("app_id", "names no Stripe app");
        }
        assertThat(foreign.client().get(APPS).expect(200).json().getJsonArray("data"))
                .isEmpty();
    }
}
