package io.checkoutgateway.journeys;

import static io.checkoutgateway.testing.AppScene.INSTALL;
import static io.checkoutgateway.testing.AppScene.path;
import static io.checkoutgateway.testing.AppScene.soon;
import static io.checkoutgateway.testing.TestGateway.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.checkoutgateway.testing.AppScene;
import io.checkoutgateway.testing.ContractClient;
import io.checkoutgateway.testing.HostedPage;
import io.checkoutgateway.testing.TestGateway;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** An account that was uninstalled is installed again: its app comes back, and all that hangs on it goes on. */
class ReturningAppTest {
    private static TestGateway gateway;

    @BeforeAll
    static void start() {
        gateway = TestGateway.startWithoutApps(Map.of());
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    private static List<List<String>> sessions(AppScene scene) {
        return gateway.database()
                .rows("SELECT app_id, stripe_session_id, status FROM checkout_gateway.checkout_sessions"
                        + " WHERE namespace = '" + scene.namespace() + "'");
    }

    private static String pay(String session) {
        HostedPage.of(gateway.sandbox(), session).pay(HostedPage.GOOD_CARD);
        return session;
    }

    /** Nobody was told of it: there was no endpoint. */
    @Test
    void installApp_sessionEndedWhileItWasAway_isTrueAgain() {
        AppScene scene = AppScene.in(gateway);
        JsonObject app = scene.install();
        String session = scene.openSession().expect(201).json().getString("session_id");
        scene.delete(app).expect(204);
        scene.endRemovals();
        pay(session);

        JsonObject again = scene.install();

        assertThat(again.getString("id")).isEqualTo(app.getString("id"));
        soon(() -> {
            await(gateway.gateway().catchUpNow());
            assertThat(sessions(scene)).containsExactly(List.of(app.getString("id"), session, "complete"));
        });
        soon(() -> assertThat(gateway.database()
                        .rows("SELECT 1 FROM checkout_gateway.stripe_customer_links WHERE namespace = '"
                                + scene.namespace() + "' AND default_payment_method_id IS NOT NULL"))
                .hasSize(1));
        scene.assertLedgersAgree();
    }

    @Test
    void installApp_sessionEndsAfterwards_isTheSameRow() {
        AppScene scene = AppScene.in(gateway);
        JsonObject app = scene.install();
        String session = scene.openSession().expect(201).json().getString("session_id");
        scene.delete(app).expect(204);
        scene.endRemovals();
        scene.install();

        pay(session);

        soon(() -> assertThat(sessions(scene)).containsExactly(List.of(app.getString("id"), session, "complete")));
        assertThat(scene.complete().getString("app_id")).isEqualTo(app.getString("id"));
    }

    /** Its endpoint is still there, or its removal under way: the app that returns ends that. */
    @Test
    void installApp_whileItIsStillLeaving_takesItBack() {
        AppScene scene = AppScene.in(gateway);
        JsonObject app = scene.install();
        scene.delete(app).expect(204);

        JsonObject again = scene.install();

        assertThat(again.getString("id")).isEqualTo(app.getString("id"));
        await(gateway.gateway().workOnAppsNow());
        scene.assertLedgersAgree();
        assertThat(scene.complete().getString("app_id")).isEqualTo(app.getString("id"));
    }

    @Test
    void installApp_again_isAnsweredForItself() {
        AppScene scene = AppScene.in(gateway);
        ContractClient first = scene.client().with("Idempotency-Key", "first");
        JsonObject app = first.post(INSTALL, scene.request()).expect(201).json().getJsonObject("app");
        scene.delete(app).expect(204);
        scene.endRemovals();

        JsonObject again = scene.install(scene.request().put("name", "Back"));

        assertThat(again.getString("name")).isEqualTo("Back");
        assertThat(scene.client().get(path(app)).expect(200).json().getString("name"))
                .isEqualTo("Back");
        assertThat(first.post(INSTALL, scene.request())
                        .expect(201)
                        .json()
                        .getJsonObject("app")
                        .getString("name"))
                .isEqualTo("Europe");
        scene.client().post(INSTALL, scene.request()).expect(409);
    }

    /** What an install that fails leaves of a new app is nothing; of one that was there before, all that was. */
    @Test
    void installApp_againWithAKeyThatMayNotRegisterEndpoints_leavesItsSessions() {
        AppScene scene = AppScene.in(gateway);
        JsonObject app = scene.install();
        String session = scene.openSession().expect(201).json().getString("session_id");
        scene.delete(app).expect(204);
        scene.endRemovals();
        gateway.sandbox().restrictKey(scene.account().key("one"), Set.of("account_read"));

        scene.client().post(INSTALL, scene.request()).expect(400);

        scene.client().get(path(app)).expect(404);
        scene.endRemovals();
        assertThat(scene.rows()).containsExactly(List.of(app.getString("id"), "gone"));
        assertThat(sessions(scene)).containsExactly(List.of(app.getString("id"), session, "open"));
    }

    @Test
    void installApp_ofAnotherNamespace_isAnotherApp() {
        AppScene scene = AppScene.in(gateway);
        JsonObject app = scene.install();
        scene.delete(app).expect(204);
        scene.endRemovals();
        AppScene other = AppScene.in(gateway);

        JsonObject theirs = other.install(scene.request());

        assertThat(theirs.getString("id")).isNotEqualTo(app.getString("id"));
    }
}
