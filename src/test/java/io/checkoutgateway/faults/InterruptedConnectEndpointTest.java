package io.checkoutgateway.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.checkoutgateway.sandbox.faults.Effect;
import io.checkoutgateway.testing.AppScene;
import io.checkoutgateway.testing.ContractClient.Answer;
import io.checkoutgateway.testing.GatewayExtension;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A Connect endpoint whose registration or removal is interrupted is there in the end, or not, and never half. */
class InterruptedConnectEndpointTest {
    private static final String ENDPOINTS = "/v1/webhook_endpoints";

    @RegisterExtension
    private static final GatewayExtension GATEWAY = GatewayExtension.withoutApps(Map.of("STRIPE_RETRIES", "0"));

    private static void fault(String method, String path, Effect effect) {
        assertThat(GATEWAY.sandbox().faults().once(method, path, effect)).isNotNull();
    }

    private static Answer send(AppScene scene, String method, JsonObject app) {
        return scene.client()
                .send(
                        method,
                        "/api/v1/apps/" + app.getString("id") + "/connect-webhook-endpoint",
                        BodyPublishers.noBody(),
                        null);
    }

    private static String status(AppScene scene, JsonObject app) {
        return send(scene, "GET", app).expect(200).json().getString("status");
    }

    @ParameterizedTest
    @MethodSource("io.checkoutgateway.testing.AppScene#lostAnswers")
    void register_whoseAnswerIsLost_isFinishedByTheLoop(Effect effect, int status) {
        AppScene scene = AppScene.in(GATEWAY.get());
        JsonObject app = scene.install();
        fault("POST", ENDPOINTS, effect);

        send(scene, "PUT", app).expect(status);
        assertThat(status(scene, app)).isEqualTo("registering");
        send(scene, "PUT", app).expect(409);
        scene.settle();
        scene.assertLedgersAgree();

        assertThat(status(scene, app)).isEqualTo("registered");
        assertThat(scene.account().endpoints()).hasSize(2);
    }

    @Test
    void register_thatStripeRefuses_leavesNothingAndMayBeRepeated() {
        AppScene scene = AppScene.in(GATEWAY.get());
        JsonObject app = scene.install();
        fault("POST", ENDPOINTS, Effect.status(400));

        send(scene, "PUT", app).expect(422);

        assertThat(status(scene, app)).isEqualTo("unregistered");
        assertThat(scene.account().endpoints()).hasSize(1);
        send(scene, "PUT", app).expect(200);
        scene.assertLedgersAgree();
    }

    @Test
    void register_thatStripeFailsForGood_isTakenBack() {
        AppScene scene = AppScene.in(GATEWAY.get());
        JsonObject app = scene.install();
        GATEWAY.sandbox().faults().add("POST", ENDPOINTS, 100, Effect.malformedBody());

        send(scene, "PUT", app).expect(502);
        for (int round = 0; round < 3; round++) {
            scene.settle();
        }

        assertThat(status(scene, app)).isEqualTo("unregistered");
        assertThat(scene.account().endpoints()).hasSize(1);
        scene.assertLedgersAgree();
    }

    @Test
    void remove_whileTheRegistrationsAnswerIsLost_leavesTheAppsOwnEndpointOnly() {
        AppScene scene = AppScene.in(GATEWAY.get());
        JsonObject app = scene.install();
        fault("POST", ENDPOINTS, Effect.dropAfter());
        send(scene, "PUT", app).expect(504);
        assertThat(scene.account().endpoints()).hasSize(2);

        send(scene, "DELETE", app).expect(204);
        scene.settle();
        scene.assertLedgersAgree();

        assertThat(status(scene, app)).isEqualTo("unregistered");
        assertThat(scene.account().endpoints()).hasSize(1);
        scene.complete();
    }

    @ParameterizedTest
    @MethodSource("io.checkoutgateway.testing.AppScene#lostAnswers")
    void remove_whoseAnswerIsLost_isFinishedByTheLoop(Effect effect, int status) {
        AppScene scene = AppScene.in(GATEWAY.get());
        JsonObject app = scene.install();
        send(scene, "PUT", app).expect(200);
        fault("DELETE", ENDPOINTS + "/*", effect);

        send(scene, "DELETE", app).expect(204);
        scene.settle();
        scene.assertLedgersAgree();

        assertThat(scene.account().endpoints()).hasSize(1);
    }

    @Test
    void uninstall_whileTheRegistrationsAnswerIsLost_removesBothEndpoints() {
        AppScene scene = AppScene.in(GATEWAY.get());
        JsonObject app = scene.install();
        fault("POST", ENDPOINTS, Effect.dropAfter());
        send(scene, "PUT", app).expect(504);

        scene.delete(app).expect(204);
        scene.settle();
        scene.assertLedgersAgree();

        assertThat(scene.account().endpoints()).isEmpty();
    }
}
