package io.checkoutgateway.journeys;

import static io.checkoutgateway.testing.AppScene.soon;
import static org.assertj.core.api.Assertions.assertThat;

import io.checkoutgateway.testing.AppScene;
import io.checkoutgateway.testing.TestGateway;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Follow-ups that failed because of their app are begun again when that is in order. */
class RevivedFollowUpsTest {
    private static TestGateway gateway;

    @BeforeAll
    static void start() {
        gateway = TestGateway.startWithoutApps(Map.of());
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    private static void wish(JsonObject app, String session) {
        gateway.database()
                .execute(
                        "INSERT INTO checkout_gateway.follow_ups (app_id, kind, subject) VALUES ('%s', 'read_session', '%s')"
                                .formatted(app.getString("id"), session));
    }

    private static List<List<String>> left(JsonObject app, String columns) {
        return gateway.database()
                .rows("SELECT " + columns + " FROM checkout_gateway.follow_ups WHERE app_id = '" + app.getString("id")
                        + "'");
    }

    private static void isGivenUp(JsonObject app) {
        gateway.database()
                .execute("UPDATE checkout_gateway.follow_ups SET state = 'given_up', attempts = 80 WHERE app_id = '"
                        + app.getString("id") + "'");
    }

    @Test
    void changeApp_anotherKey_whatFailedWithTheLastOneIsDone() {
        AppScene scene = AppScene.in(gateway);
        JsonObject app = scene.install();
        String session = scene.openSession().expect(201).json().getString("session_id");
        gateway.settle();
        gateway.sandbox().expireKey(scene.account().key("one"));
        wish(app, session);
        soon(() -> assertThat(left(app, "outcome LIKE '%does not accept%'")).containsExactly(List.of("t")));
        isGivenUp(app);
        JsonObject change = new JsonObject()
                .put("type", "stripe")
                .put("name", "Europe")
                .put("secret_api_key", scene.account().key("two"));

        scene.put(app, change).expect(200);

        soon(() -> assertThat(left(app, "id")).isEmpty());
    }

    @Test
    void installApp_thatWasUninstalled_whatFailedBeforeIsDone() {
        AppScene scene = AppScene.in(gateway);
        JsonObject app = scene.install();
        String session = scene.openSession().expect(201).json().getString("session_id");
        gateway.settle();
        gateway.database()
                .execute(
                        "INSERT INTO checkout_gateway.follow_ups (app_id, kind, subject, state) VALUES ('%s', 'read_session', '%s', 'given_up')"
                                .formatted(app.getString("id"), session));
        scene.delete(app).expect(204);
        scene.endRemovals();
        assertThat(left(app, "state")).containsExactly(List.of("given_up"));

        assertThat(scene.install().getString("id")).isEqualTo(app.getString("id"));

        soon(() -> assertThat(left(app, "id")).isEmpty());
    }
}
