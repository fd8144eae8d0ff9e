package io.checkoutgateway.journeys;

import static io.checkoutgateway.testing.AppScene.APPS;
import static org.assertj.core.api.Assertions.assertThat;

import io.checkoutgateway.testing.AppScene;
import io.checkoutgateway.testing.TestGateway;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** An app whose secrets somebody has altered in the table can be given others, and be removed. */
class BrokenAppSecretsTest {
    private static TestGateway gateway;

    @BeforeAll
    static void start() {
        gateway = TestGateway.startWithoutApps(Map.of());
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    private static void breakSecret(JsonObject app, String kind) {
        gateway.database()
                .execute(
                        "UPDATE checkout_gateway.app_secrets SET sealed = set_byte(sealed, 20, 255 - get_byte(sealed, 20)) WHERE app_id = '%s' AND kind = '%s'"
                                .formatted(app.getString("id"), kind));
    }

    @Test
    void key_thatOpensNoMore_isReplacedByAnother() {
        AppScene scene = AppScene.in(gateway);
        JsonObject app = scene.install();
        breakSecret(app, "app.api_key");
        scene.openSession().expect(404);
        assertThat(scene.client().post(AppScene.rotation(app)).expect(409).body())
                .contains("give it another one first");

        scene.put(
                        app,
                        new JsonObject()
                                .put("type", "stripe")
                                .put("name", "Europe")
                                .put("secret_api_key", scene.account().key("two")))
                .expect(200);

        scene.complete();
        scene.client().post(AppScene.rotation(app)).expect(200);
    }

    @Test
    void webhookSecret_thatOpensNoMore_isReplacedByRotation() {
        AppScene scene = AppScene.in(gateway);
        JsonObject app = scene.install();
        breakSecret(app, "app.webhook_secret");

        scene.client().post(AppScene.rotation(app)).expect(200);

        scene.complete();
    }

    @Test
    void app_whoseSecretsOpenNoMore_canBeUninstalledAndInstalledAnew() {
        AppScene scene = AppScene.in(gateway);
        JsonObject app = scene.install();
        breakSecret(app, "app.api_key");
        breakSecret(app, "app.webhook_secret");

        scene.delete(app).expect(204);
        scene.endRemovals();

        assertThat(gateway.database()
                        .rows("SELECT kind FROM checkout_gateway.app_secrets WHERE app_id = '" + app.getString("id")
                                + "'"))
                .isEmpty();
        JsonObject anew = scene.install();
        assertThat(scene.client().get(APPS).json().getJsonArray("data")).isEqualTo(JsonArray.of(anew));
        scene.complete();
    }
}
