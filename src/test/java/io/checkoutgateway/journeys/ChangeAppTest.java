package io.checkoutgateway.journeys;

import static io.checkoutgateway.testing.AppScene.APPS;
import static io.checkoutgateway.testing.AppScene.INSTALL;
import static io.checkoutgateway.testing.AppScene.path;
import static io.checkoutgateway.testing.AppScene.soon;
import static org.assertj.core.api.Assertions.assertThat;

import io.checkoutgateway.sandbox.events.Delivery;
import io.checkoutgateway.testing.AppScene;
import io.checkoutgateway.testing.ContractClient;
import io.checkoutgateway.testing.ContractClient.Answer;
import io.checkoutgateway.testing.Refusals;
import io.checkoutgateway.testing.SandboxAccount;
import io.checkoutgateway.testing.TestGateway;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What becomes of installed apps: other names, other keys, other secrets, the end. */
class ChangeAppTest {
    private static TestGateway gateway;

    @BeforeAll
    static void start() {
        gateway = TestGateway.startWithoutApps(Map.of());
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    private static JsonObject change() {
        return new JsonObject().put("type", "stripe").put("name", "Asia");
    }

    @Test
    void updateApp_replacesWhatPeopleCallIt() {
        AppScene scene = AppScene.in(gateway);
        JsonObject app = scene.install();
        JsonObject full = change().put("description", "Tokyo").put("labels", new JsonObject().put("region", "ap"));

        JsonObject changed = scene.put(app, full).expect(200).json();
        JsonObject cleared = scene.put(app, change()).expect(200).json();

        assertThat(changed.getString("description")).isEqualTo("Tokyo");
        assertThat(changed.getJsonObject("labels").getString("region")).isEqualTo("ap");
        assertThat(cleared.getString("name")).isEqualTo("Asia");
        assertThat(cleared.getMap()).doesNotContainKeys("description", "labels");
        assertThat(scene.client().get(path(app)).json()).isEqualTo(cleared);
    }

    @Test
    void updateApp_otherStateThanIfMatchNames_changesNothing() {
        AppScene scene = AppScene.in(gateway);
        JsonObject app = scene.install();
        String tag = scene.client().get(path(app)).header("ETag");

        String next = AppScene.put(scene.client().with("If-Match", tag), app, change())
                .expect(200)
                .header("ETag");
        AppScene.put(scene.client().with("If-Match", tag), app, change().put("name", "Late"))
                .expect(412);

        assertThat(next).isNotEqualTo(tag);
        assertThat(scene.client().get(path(app)).json().getString("name")).isEqualTo("Asia");
    }

    @Test
    void updateApp_wrongKeys_areNamedAndChangeNothing() {
        AppScene scene = AppScene.in(gateway);
        JsonObject app = scene.install();
        String foreign = new SandboxAccount(gateway.sandbox()).key("two");
        gateway.sandbox().expireKey(scene.account().key("old"));

        assertRefused(scene, app, foreign, "must be a key of the app's own account");
        assertRefused(scene, app, foreign.replace("test", "live"), "must be a test key");
        assertRefused(scene, app, scene.account().key("old"), "is not accepted by Stripe");
        assertRefused(scene, app, "sk_test_1", "must be a secret or restricted key");

        assertThat(scene.client().get(path(app)).json()).isEqualTo(app);
        scene.openSession().expect(201);
    }

    private static void assertRefused(AppScene scene, JsonObject app, String key, String reason) {
        Answer refused = scene.put(app, change().put("secret_api_key", key)).expect(400);
        Refusals.assertNames(refused, "secret_api_key", reason);
        assertThat(refused.body()).doesNotContain(key);
    }

    @Test
    void updateApp_otherType_isRefused() {
        AppScene scene = AppScene.in(gateway);
        JsonObject app = scene.install();
        JsonObject sandbox = scene.install(AppScene.sandboxRequest());

        Refusals.assertNames(scene.put(app, change().put("type", "sandbox")).expect(400), "type", "must be stripe");
        Refusals.assertNames(
                scene.put(app, change().put("type", "external_invoicing")).expect(400), "type", "must be the app's");
        Refusals.assertNames(
                scene.put(
                                sandbox,
                                change().put("type", "sandbox")
                                        .put("secret_api_key", scene.account().key("two")))
                        .expect(400),
                "secret_api_key",
                "belongs to apps of type stripe");
    }

    @Test
    void replace_key_looksAgainForAccountsThatTheLastOneHadNoAccessTo() {
        AppScene scene = AppScene.in(gateway);
        JsonObject app = scene.install();
        gateway.database()
                .execute("INSERT INTO checkout_gateway.connected_accounts"
                        + " (app_id, account, seen_at, disconnected_at, disconnected_by, due_at)"
                        + " VALUES ('%s', 'acct_1', now(), now(), 'refused', now() + interval '28 days')"
                                .formatted(app.getString("id")));
        scene.put(app, change()).expect(200);
        assertThat(connectedAccountIsDue(app)).as("the same key").isFalse();

        scene.put(app, change().put("secret_api_key", scene.account().key("two")))
                .expect(200);

        assertThat(connectedAccountIsDue(app)).isTrue();
    }

    private static boolean connectedAccountIsDue(JsonObject app) {
        return gateway.database()
                .rows("SELECT due_at < now() + interval '2 hours' FROM checkout_gateway.connected_accounts"
                        + " WHERE app_id = '" + app.getString("id") + "'")
                .equals(List.of(List.of("t")));
    }

    @Test
    void app_whoseKeyStripeRefuses_isUnauthorizedUntilItGetsAnother() {
        AppScene scene = AppScene.in(gateway);
        JsonObject app = scene.install();
        scene.openSession().expect(201);
        gateway.sandbox().expireKey(scene.account().key("one"));

        scene.openSession().expect(502);

        soon(() -> assertThat(scene.client().get(path(app)).json().getString("status"))
                .isEqualTo("unauthorized"));
        JsonObject renewed = scene.put(
                        app, change().put("secret_api_key", scene.account().key("two")))
                .expect(200)
                .json();
        assertThat(renewed.getString("status")).isEqualTo("ready");
        assertThat(renewed.getString("masked_api_key")).isEqualTo("sk_test_***two");
        scene.complete();
        assertThat(gateway.database()
                        .rows(
                                "SELECT action, actor = 'gateway', before_hash <> after_hash FROM checkout_gateway.audit_log WHERE resource = 'app:%s' ORDER BY id"
                                        .formatted(app.getString("id"))))
                .hasSize(3)
                .contains(List.of("app.unauthorized", "t", "t"), List.of("app.updated", "f", "t"));
    }

    @Test
    void uninstallApp_removesItsEndpointItsSecretsAndItsService() {
        AppScene scene = AppScene.in(gateway);
        JsonObject app = scene.install();
        JsonObject session = scene.complete();

        scene.delete(app).expect(204);

        assertThat(scene.account().endpoints()).isEmpty();
        scene.endRemovals();
        scene.assertLedgersAgree();
        assertThat(gateway.database()
                        .rows("SELECT 1 FROM checkout_gateway.app_secrets WHERE app_id = '" + app.getString("id")
                                + "'"))
                .isEmpty();
        scene.client().get(path(app)).expect(404);
        scene.delete(app).expect(404);
        scene.openSession().expect(404);
        assertThat(scene.client().get(APPS).json().getJsonArray("data")).isEmpty();
        String id = session.getString("id");
        scene.client().get("/api/v1/checkout-sessions/" + id).expect(200);
        scene.client().post("/api/v1/checkout-sessions/" + id + "/refresh").expect(409);
    }

    @Test
    void uninstallApp_whichACreateMayHaveFoundJustBefore_keepsItsKeyForAWhile() {
        AppScene scene = AppScene.in(gateway);
        JsonObject app = scene.install();

        scene.delete(app).expect(204);
        gateway.database()
                .execute("UPDATE checkout_gateway.apps SET due_at = now() WHERE id = '" + app.getString("id") + "'");
        TestGateway.await(gateway.gateway().workOnAppsNow());

        assertThat(gateway.database()
                        .rows("SELECT kind FROM checkout_gateway.app_secrets WHERE app_id = '" + app.getString("id")
                                + "'"))
                .containsExactly(List.of("app.api_key"));
    }

    @Test
    void createSession_customerBoundToAnUninstalledApp_isToldSo() {
        AppScene scene = AppScene.in(gateway);
        scene.install();
        JsonObject second = scene.install(AppScene.sandboxRequest());
        String customer = gateway.customer(scene.namespace());
        scene.client()
                .put(AppScene.billingOf(customer), AppScene.boundTo(second))
                .expect(200);
        scene.delete(second).expect(204);

        Answer refused = scene.client()
                .post(ContractClient.checkoutSessionsOf(customer), ContractClient.hosted())
                .expect(404);

        assertThat(refused.json().getString("detail")).contains("is not installed any more");
    }

    @Test
    void rotateWebhookSecret_deliveriesOfBothAreTakenUntilTheOldOneRetires() {
        AppScene scene = AppScene.in(gateway);
        JsonObject app = scene.install();
        String old = scene.account().endpoints().get(0).getString("id");

        scene.client().post(AppScene.rotation(app)).expect(200);

        assertThat(scene.account().endpoints()).hasSize(2);
        scene.complete();
        assertEveryDeliveryWasTaken(app);
        retireNow(app);
        assertThat(scene.account().endpoints())
                .singleElement()
                .satisfies(endpoint -> assertThat(endpoint.getString("id")).isNotEqualTo(old));
        scene.complete();
        scene.assertLedgersAgree();
    }

    /** An event that two endpoints deliver is stored once, and both are answered as if it were theirs. */
    private static void assertEveryDeliveryWasTaken(JsonObject app) {
        String path = "/apps/" + app.getString("id") + "/";
        soon(() -> assertThat(gateway.sandbox().deliveries().all())
                .filteredOn(delivery -> delivery.toJson().getString("url").contains(path))
                .extracting(Delivery::state)
                .isNotEmpty()
                .containsOnly(Delivery.State.DELIVERED));
    }

    private static void retireNow(JsonObject app) {
        gateway.database()
                .execute(
                        "UPDATE checkout_gateway.app_webhooks SET retire_at = now() WHERE retire_at IS NOT NULL AND app_id = '"
                                + app.getString("id") + "'");
        gateway.database()
                .execute("UPDATE checkout_gateway.apps SET due_at = now() WHERE id = '" + app.getString("id") + "'");
        assertThat(TestGateway.await(gateway.gateway().workOnAppsNow())).isFalse();
    }

    @Test
    void rotateWebhookSecret_afterALeak_retiresTheOldOneAtOnce() {
        AppScene scene = AppScene.in(gateway);
        JsonObject app = scene.install();

        scene.client()
                .post(AppScene.rotation(app), new JsonObject().put("overlap_seconds", 0))
                .expect(200);

        soon(() -> assertThat(scene.account().endpoints()).hasSize(1));
        scene.complete();
        soon(scene::assertLedgersAgree);
    }

    @Test
    void rotateWebhookSecret_sameKey_isOneRotationAndTheSameAnswer() {
        AppScene scene = AppScene.in(gateway);
        JsonObject app = scene.install();
        ContractClient once = scene.client().with("Idempotency-Key", "once");

        Answer first = once.post(AppScene.rotation(app)).expect(200);
        Answer again = once.post(AppScene.rotation(app)).expect(200);
        once.post(AppScene.rotation(app), new JsonObject().put("overlap_seconds", 0))
                .expect(422);

        assertThat(again.body()).isEqualTo(first.body());
        assertThat(again.header("Idempotent-Replayed")).isEqualTo("true");
        assertThat(scene.account().endpoints()).hasSize(2);
        scene.assertLedgersAgree();
    }

    @Test
    void rotateWebhookSecret_threeTimesADay_isRefused() {
        AppScene scene = AppScene.in(gateway);
        JsonObject app = scene.install();

        scene.client().post(AppScene.rotation(app)).expect(200);
        scene.client().post(AppScene.rotation(app)).expect(200);
        Answer refused = scene.client().post(AppScene.rotation(app)).expect(409);

        assertThat(refused.json().getString("detail")).contains("3 secrets are live");
        scene.assertLedgersAgree();
    }

    @Test
    void changes_areInTheAuditTrailWithTheOneWhoAskedForThem() {
        AppScene scene = AppScene.in(gateway);
        JsonObject app = scene.install();
        scene.put(app, change()).expect(200);
        scene.client().post(AppScene.rotation(app)).expect(200);
        scene.delete(app).expect(204);

        List<List<String>> trail = gateway.database()
                .rows(
                        "SELECT action, resource = 'app:%s', actor LIKE 'api_key:%%', before_hash IS NULL, after_hash IS NULL FROM checkout_gateway.audit_log WHERE namespace = '%s' AND action LIKE 'app.%%' ORDER BY id"
                                .formatted(app.getString("id"), scene.namespace()));

        assertThat(trail)
                .containsExactly(
                        List.of("app.installed", "t", "t", "t", "f"),
                        List.of("app.updated", "t", "t", "f", "f"),
                        List.of("app.secret_rotated", "t", "t", "f", "f"),
                        List.of("app.uninstalled", "t", "t", "f", "t"));
    }

    @Test
    void anotherReplica_knowsOfEveryChangeAtOnce() {
        AppScene here = AppScene.in(gateway);
        try (TestGateway other = gateway.replica()) {
            AppScene there = new AppScene(other, here.namespace(), other.client(here.namespace()), here.account());
            there.openSession().expect(404);

            JsonObject app = here.install();
            there.openSession().expect(201);
            gateway.sandbox().expireKey(here.account().key("one"));
            here.put(app, change().put("secret_api_key", here.account().key("two")))
                    .expect(200);
            there.openSession().expect(201);
            here.delete(app).expect(204);
            there.openSession().expect(404);
        }
    }

    @Test
    void catchUpAndBackfill_goOverEveryApp() {
        AppScene one = AppScene.in(gateway);
        AppScene other = AppScene.in(gateway);
        JsonObject app = one.install();
        other.install();
        String lost = one.openSession().expect(201).json().getString("session_id");
        String lostToo = other.openSession().expect(201).json().getString("session_id");
        gateway.settle();
        gateway.database()
                .execute("UPDATE checkout_gateway.checkout_sessions SET expires_at = now() - interval '1 hour',"
                        + " stripe_as_of = now() - interval '1 day'"
                        + " WHERE stripe_session_id IN ('" + lost + "', '" + lostToo + "')");

        TestGateway.await(gateway.gateway().catchUpNow());
        TestGateway.await(gateway.gateway().readOverdueNow());

        assertThat(gateway.database()
                        .rows(
                                "SELECT count(*) FROM checkout_gateway.checkout_sessions WHERE overdue_read_at IS NOT NULL"
                                        + " AND stripe_session_id IN ('" + lost + "', '" + lostToo + "')"))
                .isEqualTo(List.of(List.of("2")));
        JsonObject run = one.client()
                .post("/api/v1/admin/backfills", new JsonObject().put("app_id", app.getString("id")))
                .expect(201)
                .json();
        soon(() -> {
            TestGateway.await(gateway.gateway().mirrorNow());
            assertThat(one.client()
                            .get("/api/v1/admin/backfills/" + run.getString("id"))
                            .json()
                            .getString("state"))
                    .isEqualTo("completed");
        });
    }

    @Test
    void installApp_isRepeatedAfterUninstall_withItsOldKey_answersAsBefore() {
        AppScene scene = AppScene.in(gateway);
        Answer first = scene.client()
                .with("Idempotency-Key", "once")
                .post(INSTALL, scene.request())
                .expect(201);
        scene.delete(first.json().getJsonObject("app")).expect(204);

        assertThat(scene.client()
                        .with("Idempotency-Key", "once")
                        .post(INSTALL, scene.request())
                        .expect(201)
                        .body())
                .isEqualTo(first.body());
        assertThat(scene.account().endpoints()).isEmpty();
    }
}
