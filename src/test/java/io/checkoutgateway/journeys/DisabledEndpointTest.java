package io.checkoutgateway.journeys;

import static io.checkoutgateway.testing.AppScene.soon;
import static io.checkoutgateway.testing.TestGateway.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import io.checkoutgateway.sandbox.faults.Effect;
import io.checkoutgateway.sandbox.faults.Fault;
import io.checkoutgateway.testing.AppScene;
import io.checkoutgateway.testing.HostedPage;
import io.checkoutgateway.testing.SandboxAccount;
import io.checkoutgateway.testing.TestGateway;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Stripe lists no event as undelivered that was made while an endpoint was disabled or gone. */
class DisabledEndpointTest {
    private static final String ENDPOINTS = "/v1/webhook_endpoints";

    private static TestGateway gateway;

    @BeforeAll
    static void start() {
        gateway = TestGateway.startWithoutApps(Map.of());
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    private static void round() {
        await(gateway.gateway().catchUpNow());
    }

    private static String path(JsonObject app) {
        return "/api/v1/apps/" + app.getString("id") + "/catch-up";
    }

    private static JsonObject standing(AppScene scene, JsonObject app) {
        return scene.client().get(path(app)).expect(200).json();
    }

    /** How the app's own endpoint was found last. */
    private static String state(AppScene scene, JsonObject app) {
        return standing(scene, app)
                .getJsonArray("webhook_endpoints")
                .getJsonObject(0)
                .getString("state");
    }

    private static JsonObject only(SandboxAccount account) {
        assertThat(account.endpoints()).hasSize(1);
        return account.endpoints().get(0);
    }

    private static String open(AppScene scene) {
        return scene.openSession().expect(201).json().getString("session_id");
    }

    private static void pay(String session) {
        HostedPage.of(gateway.sandbox(), session).pay(HostedPage.GOOD_CARD);
    }

    private static String status(AppScene scene, String session) {
        return scene.client()
                .get("/api/v1/checkout-sessions/" + session)
                .expect(200)
                .json()
                .getString("status");
    }

    private static void becomesComplete(AppScene scene, String session) {
        soon(() -> {
            round();
            assertThat(status(scene, session)).isEqualTo("complete");
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

    static Stream<Arguments> faults() {
        return Stream.of(
                fault("disabled", (account, id) -> account.changeEndpoint(id, "disabled=true")),
                fault("deleted", SandboxAccount::deleteEndpoint),
                fault(
                        "delivering elsewhere",
                        (account, id) -> account.changeEndpoint(id, "url=http%3A%2F%2F127.0.0.1%3A9%2Felsewhere")),
                fault(
                        "lacking types",
                        (account, id) -> account.changeEndpoint(id, "enabled_events%5B0%5D=customer.deleted")));
    }

    private static Arguments fault(String name, BiConsumer<SandboxAccount, String> fault) {
        return argumentSet(name, fault);
    }

    @ParameterizedTest
    @MethodSource("faults")
    void catchUp_endpointOfOursLostEvents_mendsItAndFetchesThem(BiConsumer<SandboxAccount, String> fault) {
        AppScene scene = AppScene.in(gateway);
        JsonObject app = scene.install();
        String session = open(scene);
        round();
        assertThat(state(scene, app)).isEqualTo("sound");
        fault.accept(scene.account(), only(scene.account()).getString("id"));
        pay(session);

        becomesComplete(scene, session);

        assertThat(state(scene, app)).isEqualTo("sound");
        soon(() -> {
            await(gateway.gateway().workOnAppsNow());
            assertThat(only(scene.account()).getString("status")).isEqualTo("enabled");
        });
        scene.complete();
        assertThat(actions(app)).contains("app.endpoint_lost", "app.endpoint_mended");
        scene.assertLedgersAgree();
    }

    @Test
    void catchUp_mendingFails_fetchesAllTheSameAndMendsLater() {
        AppScene scene = AppScene.in(gateway);
        JsonObject app = scene.install();
        String first = open(scene);
        String second = open(scene);
        round();
        scene.account().changeEndpoint(only(scene.account()).getString("id"), "disabled=true");
        pay(first);
        gateway.sandbox()
                .faults()
                .once("POST", ENDPOINTS + "/" + only(scene.account()).getString("id"), Effect.status(400));

        round();

        assertThat(state(scene, app)).isEqualTo("disabled");
        soon(() -> assertThat(status(scene, first)).isEqualTo("complete"));
        pay(second);
        becomesComplete(scene, second);
        assertThat(state(scene, app)).isEqualTo("sound");
    }

    @Test
    void catchUp_processDiedBetweenNoticingAndMending_itsSuccessorFetchesAllAndMends() {
        AppScene scene = AppScene.in(gateway);
        JsonObject app = scene.install();
        String session = open(scene);
        round();
        String endpoint = only(scene.account()).getString("id");
        scene.account().changeEndpoint(endpoint, "disabled=true");
        pay(session);
        // Its request to mend is never answered to it; Stripe goes on with it.
        gateway.sandbox().faults().once("POST", "/v1/webhook_endpoints/" + endpoint, Effect.dropAfter());
        gateway.database()
                .execute(
                        "UPDATE checkout_gateway.catch_ups SET lease_until = now() + interval '1 hour' WHERE app_id = '"
                                + app.getString("id") + "'");
        round();
        assertThat(only(scene.account()).getString("status")).isEqualTo("enabled");
        assertThat(status(scene, session)).isEqualTo("open");

        gateway.database()
                .execute("UPDATE checkout_gateway.catch_ups SET lease_until = now() WHERE app_id = '"
                        + app.getString("id") + "'");

        becomesComplete(scene, session);
        assertThat(state(scene, app)).isEqualTo("sound");
    }

    /** The second looked at Stripe before the first had put another in its place. */
    @Test
    void catchUp_twoReplicasFindTheEndpointDeleted_oneReplacesIt() {
        try (TestGateway alone = TestGateway.startWithoutApps(Map.of());
                TestGateway replica = alone.replica()) {
            AppScene scene = AppScene.in(alone);
            JsonObject app = scene.install();
            await(alone.gateway().catchUpNow());
            scene.account().deleteEndpoint(only(scene.account()).getString("id"));
            Fault held = alone.sandbox().faults().once("GET", ENDPOINTS, Effect.holdAfter());
            Future<?> late = replica.gateway().catchUpNow();
            await(held.struck());

            await(alone.gateway().catchUpNow());
            String successor = only(scene.account()).getString("id");
            held.release();
            await(late);

            assertThat(state(scene, app)).as("what the second found").isEqualTo("missing");
            assertThat(only(scene.account()).getString("id")).isEqualTo(successor);
            await(alone.gateway().catchUpNow());
            assertThat(state(scene, app)).isEqualTo("sound");
            scene.assertLedgersAgree();
            scene.complete();
        }
    }

    /** As after an upgrade of the gateway: what was registered before speaks the version of that time. */
    @Test
    void catchUp_endpointOfAnOlderVersion_isReplacedAndStaysForADay() {
        AppScene scene = AppScene.in(gateway);
        JsonObject app = scene.install();
        round();
        JsonObject current = only(scene.account());
        JsonObject older = scene.account()
                .addEndpoint("url=" + URLEncoder.encode(current.getString("url"), StandardCharsets.UTF_8)
                        + "&enabled_events[]=*&api_version=2025-03-31.basil");
        scene.account().deleteEndpoint(current.getString("id"));
        gateway.database()
                .execute("UPDATE checkout_gateway.app_webhooks SET stripe_endpoint_id = '" + older.getString("id")
                        + "' WHERE app_id = '" + app.getString("id") + "'");

        round();

        assertThat(scene.account().endpoints())
                .extracting(endpoint -> endpoint.getString("id").equals(older.getString("id")))
                .containsExactlyInAnyOrder(true, false);
        assertThat(webhooks(app, "retire_at BETWEEN now() + interval '23 hours' AND now() + interval '1 day'"))
                .containsExactly(List.of(older.getString("id")));
        scene.complete();
        round();
        assertThat(scene.account().endpoints()).as("one successor is enough").hasSize(2);

        gateway.database()
                .execute("UPDATE checkout_gateway.app_webhooks SET retire_at = now() WHERE stripe_endpoint_id = '"
                        + older.getString("id") + "'");
        scene.settle();

        assertThat(only(scene.account()).getString("id")).isNotEqualTo(older.getString("id"));
        assertThat(webhooks(app, "true"))
                .containsExactly(List.of(only(scene.account()).getString("id")));
        scene.complete();
    }

    private static List<List<String>> webhooks(JsonObject app, String condition) {
        return gateway.database()
                .rows("SELECT stripe_endpoint_id FROM checkout_gateway.app_webhooks WHERE app_id = '"
                        + app.getString("id") + "' AND " + condition);
    }

    @Test
    void catchUp_keyMayNotReadEndpoints_saysSoAndGoesOn() {
        try (TestGateway alone = TestGateway.startWithoutApps(Map.of())) {
            AppScene scene = AppScene.in(alone);
            JsonObject app = scene.install();
            alone.sandbox().faults().once("GET", ENDPOINTS, Effect.status(403));

            await(alone.gateway().catchUpNow());

            assertThat(state(scene, app)).isEqualTo("unreadable");
            await(alone.gateway().catchUpNow());
            assertThat(state(scene, app)).isEqualTo("sound");
        }
    }

    @Test
    void startCatchUp_whatWasAcknowledgedIsLost_fetchesItAll() {
        AppScene scene = AppScene.in(gateway);
        JsonObject app = scene.install();
        round();
        scene.complete();
        gateway.database()
                .execute("DELETE FROM checkout_gateway.stripe_events WHERE app_id = '" + app.getString("id") + "'");
        round();
        assertThat(fetched(app)).as("they count as delivered").isZero();

        JsonObject since =
                new JsonObject().put("since", Instant.now().minusSeconds(600).toString());
        JsonObject asked = scene.client().post(path(app), since).expect(202).json();

        assertThat(asked.getString("app_id")).isEqualTo(app.getString("id"));
        soon(() -> {
            round();
            assertThat(standing(scene, app).getInteger("waiting")).isZero();
        });
        assertThat(fetched(app)).isPositive();
        assertThat(actions(app)).contains("app.catch_up_started");
    }

    private static int fetched(JsonObject app) {
        return gateway.database()
                .rows("SELECT event_id FROM checkout_gateway.stripe_events WHERE origin = 'catch_up' AND app_id = '"
                        + app.getString("id") + "'")
                .size();
    }

    @Test
    void startCatchUp_aMomentToComeOrTooLongAgo_isRefused() {
        AppScene scene = AppScene.in(gateway);
        JsonObject app = scene.install();

        for (Instant moment :
                List.of(Instant.now().plusSeconds(3600), Instant.now().minusSeconds(31L * 24 * 3600))) {
            scene.client()
                    .post(path(app), new JsonObject().put("since", moment.toString()))
                    .expect(400);
        }
    }

    @Test
    void startCatchUp_accountThatIsNotConnected_isRefusedByName() {
        AppScene scene = AppScene.in(gateway);
        JsonObject app = scene.install();
        JsonObject request = new JsonObject()
                .put("since", Instant.now().minusSeconds(600).toString())
                .put("account", "acct_1Nobodys000");

        JsonObject refused = scene.client().post(path(app), request).expect(400).json();

        assertThat(refused.getJsonArray("invalid_parameters").getJsonObject(0).getString("field"))
                .isEqualTo("account");
        assertThat(standing(scene, app).getInteger("waiting")).isZero();
    }

    @Test
    void catchUp_moreIsPastThanStripeRemembers_readsTheSessionsOfThatTime() {
        AppScene scene = AppScene.in(gateway);
        JsonObject app = scene.install();
        round();
        gateway.database()
                .execute("UPDATE checkout_gateway.catch_ups SET through = now() - interval '40 days' WHERE app_id = '"
                        + app.getString("id") + "'");

        round();

        JsonObject gap = standing(scene, app).getJsonArray("gaps").getJsonObject(0);
        scene.client()
                .get("/api/v1/admin/backfills/" + gap.getString("backfill_id"))
                .expect(200);
        soon(() -> {
            await(gateway.gateway().mirrorNow());
            round();
            assertThat(standing(scene, app).getJsonArray("gaps")).isEmpty();
        });
    }
}
