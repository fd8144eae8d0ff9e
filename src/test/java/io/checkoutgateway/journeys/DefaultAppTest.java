package io.checkoutgateway.journeys;

import static io.checkoutgateway.testing.AppScene.billingOf;
import static io.checkoutgateway.testing.AppScene.boundTo;
import static io.checkoutgateway.testing.AppScene.path;
import static io.checkoutgateway.testing.AppScene.request;
import static io.checkoutgateway.testing.AppScene.sandboxRequest;
import static io.checkoutgateway.testing.AppScene.soon;
import static io.checkoutgateway.testing.ContractClient.checkoutSessionsOf;
import static io.checkoutgateway.testing.ContractClient.hosted;
import static org.assertj.core.api.Assertions.assertThat;

import io.checkoutgateway.access.Scope;
import io.checkoutgateway.testing.AppScene;
import io.checkoutgateway.testing.ContractClient;
import io.checkoutgateway.testing.ContractClient.Answer;
import io.checkoutgateway.testing.SandboxAccount;
import io.checkoutgateway.testing.TestGateway;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Which app serves the customers who name no other is the namespace's choice; how apps are is seen from outside. */
class DefaultAppTest {
    private static final String DEFAULT = "/api/v1/default-app";

    private static TestGateway gateway;

    @BeforeAll
    static void start() {
        gateway = TestGateway.startWithoutApps(Map.of());
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    private static JsonObject choice(JsonObject app) {
        return new JsonObject().put("app_id", app.getString("id"));
    }

    private static JsonObject another(AppScene scene, boolean profile) {
        return scene.install(request(new SandboxAccount(gateway.sandbox()), profile));
    }

    private static String appOf(AppScene scene, Answer opened) {
        String session = opened.expect(201).json().getString("session_id");
        return scene.client()
                .get("/api/v1/checkout-sessions/" + session)
                .expect(200)
                .json()
                .getString("app_id");
    }

    @Test
    void getDefaultApp_noneInstalled_is404_andLaterTheFirst() {
        AppScene scene = AppScene.in(gateway);
        scene.client().get(DEFAULT).expect(404);

        JsonObject first = scene.install();
        another(scene, true);

        assertThat(scene.client().get(DEFAULT).expect(200).json()).isEqualTo(choice(first));
    }

    @Test
    void replaceDefaultApp_servesWhoIsBoundToNone_andIsNoted() {
        AppScene scene = AppScene.in(gateway);
        JsonObject first = scene.install();
        JsonObject second = another(scene, true);
        String bound = gateway.customer(scene.namespace());
        scene.client().put(billingOf(bound), boundTo(first)).expect(200);

        Answer chosen = scene.client().put(DEFAULT, choice(second)).expect(200);

        assertThat(chosen.json()).isEqualTo(choice(second));
        assertThat(scene.client().get(DEFAULT).header("ETag")).isEqualTo(chosen.header("ETag"));
        assertThat(appOf(scene, scene.openSession())).isEqualTo(second.getString("id"));
        assertThat(appOf(scene, scene.client().post(checkoutSessionsOf(bound), hosted())))
                .isEqualTo(first.getString("id"));
        assertThat(entries(scene)).containsExactly(List.of("app.default_chosen", "app:" + second.getString("id")));
    }

    private static List<List<String>> entries(AppScene scene) {
        return gateway.database()
                .rows("SELECT action, resource FROM checkout_gateway.audit_log WHERE action = 'app.default_chosen'"
                        + " AND namespace = '" + scene.namespace() + "'");
    }

    @Test
    void replaceDefaultApp_withThePresentOne_changesNothing() {
        AppScene scene = AppScene.in(gateway);
        JsonObject first = scene.install();

        scene.client().put(DEFAULT, choice(first)).expect(200);

        assertThat(entries(scene)).isEmpty();
    }

    @Test
    void replaceDefaultApp_inTheStateOfAnotherChoice_is412() {
        AppScene scene = AppScene.in(gateway);
        JsonObject first = scene.install();
        JsonObject second = another(scene, true);
        String before = scene.client().get(DEFAULT).expect(200).header("ETag");
        scene.client().with("If-Match", before).put(DEFAULT, choice(second)).expect(200);

        Answer late = scene.client()
                .with("If-Match", before)
                .put(DEFAULT, choice(first))
                .expect(412);

        assertThat(late.json().getString("code")).isEqualTo("precondition_failed");
        assertThat(scene.client().get(DEFAULT).json()).isEqualTo(choice(second));
    }

    @Test
    void replaceDefaultApp_asAnyWhereThereIsNone_is412() {
        AppScene scene = AppScene.in(gateway);
        JsonObject first = scene.install();
        JsonObject second = another(scene, true);
        scene.delete(first).expect(204);
        ContractClient any = scene.client().with("If-Match", "*");

        any.put(DEFAULT, choice(second)).expect(412);

        scene.client().get(DEFAULT).expect(404);
        scene.client().put(DEFAULT, choice(second)).expect(200);
        any.put(DEFAULT, choice(second)).expect(200);
    }

    @Test
    void replaceDefaultApp_theOneBefore_isNotedAndHasAnotherVersion() {
        AppScene scene = AppScene.in(gateway);
        JsonObject first = scene.install();
        JsonObject second = another(scene, true);
        String before = scene.client().get(path(first)).expect(200).header("ETag");

        scene.client().put(DEFAULT, choice(second)).expect(200);

        assertThat(scene.client().get(path(first)).expect(200).header("ETag")).isNotEqualTo(before);
        assertDisplaced(scene, first);
    }

    @Test
    void installApp_inThePlaceOfASandbox_isNotedOfTheSandbox() {
        AppScene scene = AppScene.in(gateway);
        JsonObject sandbox = scene.install(sandboxRequest());

        JsonObject account = scene.install();

        assertThat(scene.client().get(DEFAULT).expect(200).json()).isEqualTo(choice(account));
        assertDisplaced(scene, sandbox);
    }

    private static void assertDisplaced(AppScene scene, JsonObject app) {
        assertThat(gateway.database()
                        .rows("SELECT resource, before_hash <> after_hash FROM checkout_gateway.audit_log"
                                + " WHERE action = 'app.default_displaced' AND namespace = '" + scene.namespace()
                                + "'"))
                .containsExactly(List.of("app:" + app.getString("id"), "t"));
    }

    @Test
    void replaceDefaultApp_appOfAnotherNamespace_isNamedAsUnknown() {
        AppScene scene = AppScene.in(gateway);
        JsonObject own = scene.install();
        JsonObject foreign = AppScene.in(gateway).install();

        Answer refused = scene.client().put(DEFAULT, choice(foreign)).expect(404);

        assertThat(refused.json()
                        .getJsonArray("invalid_parameters")
                        .getJsonObject(0)
                        .getString("field"))
                .isEqualTo("app_id");
        assertThat(scene.client().get(DEFAULT).json()).isEqualTo(choice(own));
    }

    @Test
    void replaceDefaultApp_uninstalledApp_isNamedAsUnknown() {
        AppScene scene = AppScene.in(gateway);
        scene.install();
        JsonObject gone = another(scene, true);
        scene.delete(gone).expect(204);

        scene.client().put(DEFAULT, choice(gone)).expect(404);
    }

    @Test
    void replaceDefaultApp_afterTheDefaultWasUninstalled_servesAgain() {
        AppScene scene = AppScene.in(gateway);
        JsonObject first = scene.install();
        JsonObject sandbox = scene.install(sandboxRequest());
        scene.delete(first).expect(204);
        scene.openSession().expect(404);

        scene.client().put(DEFAULT, choice(sandbox)).expect(200);

        scene.openSession().expect(201);
    }

    @Test
    void replaceDefaultApp_withoutABillingProfile_is409() {
        AppScene scene = AppScene.in(gateway);
        scene.install();

        Answer refused =
                scene.client().put(DEFAULT, choice(another(scene, false))).expect(409);

        assertThat(refused.json().getString("detail")).contains("billing profile");
    }

    @Test
    void replaceDefaultApp_thatStripeRefusesTheKeyOf_is409() {
        AppScene scene = AppScene.in(gateway);
        scene.install();
        JsonObject refusedOne = another(scene, true);
        set("unauthorized", refusedOne);

        Answer refused = scene.client().put(DEFAULT, choice(refusedOne)).expect(409);

        assertThat(refused.json().getString("detail")).contains("key");
        set("ready", refusedOne);
    }

    private static void set(String state, JsonObject app) {
        gateway.database()
                .execute("UPDATE checkout_gateway.apps SET state = '" + state + "' WHERE id = '" + app.getString("id")
                        + "'");
    }

    @Test
    void replaceDefaultApp_withTheScopeToReadApps_is403() {
        AppScene scene = AppScene.in(gateway);
        JsonObject app = scene.install();
        ContractClient reader = new ContractClient(gateway.url(), gateway.key(scene.namespace(), Scope.APPS_READ));

        reader.get(DEFAULT).expect(200);
        reader.put(DEFAULT, choice(app)).expect(403);
        reader.get(path(app)).expect(200);
    }

    /** A gateway of its own: the numbers are of all namespaces. */
    @Test
    void metrics_ofApps_countThemByStatus() {
        try (TestGateway own = TestGateway.startWithoutApps(Map.of())) {
            AppScene scene = AppScene.in(own);
            JsonObject first = scene.install();
            scene.install(sandboxRequest());
            own.database()
                    .execute("UPDATE checkout_gateway.apps SET state = 'unauthorized' WHERE id = '"
                            + first.getString("id") + "'");
            own.database()
                    .execute("UPDATE checkout_gateway.app_secrets SET sealed = '\\x00' WHERE app_id = '"
                            + first.getString("id") + "' AND kind = 'app.api_key'");
            own.restart();

            soon(() -> assertThat(own.metrics())
                    .contains(
                            "gateway_apps{status=\"ready\"} 1.0",
                            "gateway_apps{status=\"unauthorized\"} 1.0",
                            "gateway_apps{status=\"installing\"} 0.0",
                            "gateway_apps{status=\"leaving\"} 0.0",
                            "gateway_apps_unusable 1.0"));
        }
    }
}
