package io.checkoutgateway.faults;

import static io.checkoutgateway.testing.AppScene.INSTALL;
import static org.assertj.core.api.Assertions.assertThat;

import io.checkoutgateway.sandbox.faults.Effect;
import io.checkoutgateway.sandbox.faults.Fault;
import io.checkoutgateway.testing.AppScene;
import io.checkoutgateway.testing.ContractClient;
import io.checkoutgateway.testing.ContractClient.Answer;
import io.checkoutgateway.testing.GatewayExtension;
import io.checkoutgateway.testing.TestGateway;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Installs, rotations and removals that are interrupted at each step end done or undone, never in between. */
class InterruptedInstallTest {
    private static final String ENDPOINTS = "/v1/webhook_endpoints";

    @RegisterExtension
    private static final GatewayExtension GATEWAY = GatewayExtension.withoutApps(Map.of("STRIPE_RETRIES", "0"));

    private static Fault fault(String method, String path, Effect effect) {
        return GATEWAY.sandbox().faults().once(method, path, effect);
    }

    @ParameterizedTest
    @MethodSource("io.checkoutgateway.testing.AppScene#lostAnswers")
    void installApp_whoseAnswerIsLost_isFinishedByTheLoop(Effect effect, int status) {
        AppScene scene = AppScene.in(GATEWAY.get());
        fault("POST", ENDPOINTS, effect);

        scene.client().post(INSTALL, scene.request()).expect(status);
        scene.settle();

        scene.assertLedgersAgree();
        assertThat(scene.account().endpoints()).hasSize(1);
        scene.complete();
    }

    @ParameterizedTest
    @MethodSource("io.checkoutgateway.testing.AppScene#lostAnswers")
    void installApp_whoseAnswerIsLost_isFinishedByItsRepetition(Effect effect, int status) {
        AppScene scene = AppScene.in(GATEWAY.get());
        ContractClient client =
                scene.client().with("Idempotency-Key", UUID.randomUUID().toString());
        fault("POST", ENDPOINTS, effect);
        client.post(INSTALL, scene.request()).expect(status);
        GATEWAY.database()
                .execute("UPDATE checkout_gateway.apps SET due_at = now() WHERE namespace = '" + scene.namespace()
                        + "'");

        JsonObject app =
                client.post(INSTALL, scene.request()).expect(201).json().getJsonObject("app");

        assertThat(client.post(INSTALL, scene.request()).json().getJsonObject("app"))
                .isEqualTo(app);
        scene.assertLedgersAgree();
        assertThat(scene.account().endpoints()).hasSize(1);
    }

    @Test
    void installApp_thatStripeRefuses_leavesNothingAndMayBeRepeated() {
        AppScene scene = AppScene.in(GATEWAY.get());
        ContractClient client =
                scene.client().with("Idempotency-Key", UUID.randomUUID().toString());
        fault("POST", ENDPOINTS, Effect.status(400));

        Answer refused = client.post(INSTALL, scene.request()).expect(422);

        assertThat(refused.json().getString("code")).isEqualTo("stripe_refused");
        assertThat(scene.rows()).isEmpty();
        client.post(INSTALL, scene.request()).expect(201);
        scene.assertLedgersAgree();
    }

    @Test
    void installApp_whoseAccountIsNotAnswered_leavesNothing() {
        AppScene scene = AppScene.in(GATEWAY.get());
        fault("GET", "/v1/account", Effect.unavailable());

        scene.client().post(INSTALL, scene.request()).expect(502);

        assertThat(scene.rows()).isEmpty();
        assertThat(scene.account().endpoints()).isEmpty();
    }

    @Test
    void installApp_whoseProcessIsOvertaken_isInstalledOnce() {
        AppScene scene = AppScene.in(GATEWAY.get());
        Fault held = fault("POST", ENDPOINTS, Effect.holdAfter());
        CompletableFuture<Answer> first = scene.client().postAsync(INSTALL, scene.request());
        TestGateway.await(held.struck());

        scene.settle();
        held.release();
        first.join();
        scene.settle();

        scene.assertLedgersAgree();
        assertThat(scene.account().endpoints()).hasSize(1);
        scene.complete();
    }

    @Test
    void installApp_thatStripeFailsForGood_isTakenBackAndFreesTheAccount() {
        AppScene scene = AppScene.in(GATEWAY.get());
        fault("POST", ENDPOINTS, Effect.serverError());
        scene.client().post(INSTALL, scene.request()).expect(502);

        scene.settle();
        scene.settle();

        assertThat(scene.account().endpoints()).isEmpty();
        scene.assertLedgersAgree();
        scene.install();
        scene.assertLedgersAgree();
    }

    @Test
    void installApp_thatMadeAnEndpointOfWhichNobodyHears_removesItInTheEnd() {
        AppScene scene = AppScene.in(GATEWAY.get());
        GATEWAY.sandbox().faults().add("POST", ENDPOINTS, 100, Effect.malformedBody());
        scene.client().post(INSTALL, scene.request()).expect(502);
        assertThat(scene.account().endpoints()).hasSize(1);

        scene.settle();
        scene.settle();

        assertThat(scene.account().endpoints()).isEmpty();
        scene.assertLedgersAgree();
    }

    @ParameterizedTest
    @MethodSource("io.checkoutgateway.testing.AppScene#lostAnswers")
    void uninstallApp_whoseAnswerIsLost_isFinishedByTheLoop(Effect effect, int status) {
        AppScene scene = AppScene.in(GATEWAY.get());
        JsonObject app = scene.install();
        fault("DELETE", ENDPOINTS + "/*", effect);

        scene.delete(app).expect(204);
        scene.settle();

        scene.assertLedgersAgree();
        assertThat(scene.account().endpoints()).isEmpty();
    }

    @Test
    void uninstallApp_whoseKeyWasWithdrawn_ends() {
        AppScene scene = AppScene.in(GATEWAY.get());
        JsonObject app = scene.install();
        GATEWAY.sandbox().expireKey(scene.account().key("one"));

        scene.delete(app).expect(204);
        scene.settle();

        assertThat(scene.rows()).singleElement().satisfies(row -> assertThat(row)
                .contains("gone"));
    }

    @Test
    void uninstallApp_whileACreateNeedsItsKey_keepsItUntilThatHasEnded() {
        AppScene scene = AppScene.in(GATEWAY.get());
        JsonObject app = scene.install();
        fault("POST", "/v1/checkout/sessions", Effect.dropAfter());
        scene.openSession().expect(504);

        scene.delete(app).expect(204);
        scene.settle();
        assertThat(scene.rows()).singleElement().satisfies(row -> assertThat(row)
                .contains("leaving"));
        GATEWAY.database()
                .execute("UPDATE checkout_gateway.checkout_sessions SET lease_until = now() WHERE status = 'creating'");
        // A row that an event is being applied to is passed over.
        Awaitility.await()
                .until(() -> TestGateway.await(GATEWAY.get().gateway().reconcileNow())
                                .finished()
                        == 1);
        scene.settle();

        assertThat(scene.rows()).singleElement().satisfies(row -> assertThat(row)
                .contains("gone"));
        assertThat(GATEWAY.database()
                        .rows("SELECT status FROM checkout_gateway.checkout_sessions WHERE namespace = '"
                                + scene.namespace() + "'"))
                .singleElement()
                .satisfies(row -> assertThat(row).contains("open"));
    }

    @ParameterizedTest
    @MethodSource("io.checkoutgateway.testing.AppScene#lostAnswers")
    void rotateWebhookSecret_whoseAnswerIsLost_isFinishedByTheLoop(Effect effect, int status) {
        AppScene scene = AppScene.in(GATEWAY.get());
        JsonObject app = scene.install();
        fault("POST", ENDPOINTS, effect);

        scene.client().post(AppScene.rotation(app)).expect(status);
        scene.settle();

        assertThat(scene.account().endpoints()).hasSize(2);
        scene.assertLedgersAgree();
        scene.complete();
    }

    @Test
    void rotateWebhookSecret_repeatedAfterItsAnswerWasLost_isAnsweredByTheRotationThatWasFinished() {
        AppScene scene = AppScene.in(GATEWAY.get());
        JsonObject app = scene.install();
        ContractClient once = scene.client().with("Idempotency-Key", "once");
        fault("POST", ENDPOINTS, Effect.dropAfter());

        once.post(AppScene.rotation(app)).expect(504);
        Answer early = once.post(AppScene.rotation(app)).expect(409);
        scene.settle();
        Answer late = once.post(AppScene.rotation(app)).expect(200);

        assertThat(early.json().getString("code")).isEqualTo("idempotency_key_in_use");
        assertThat(late.header("Idempotent-Replayed")).isEqualTo("true");
        assertThat(late.json().getString("id")).isEqualTo(app.getString("id"));
        assertThat(scene.account().endpoints()).hasSize(2);
    }

    @Test
    void rotateWebhookSecret_repeatedAfterStripeRefused_isTriedAnew() {
        AppScene scene = AppScene.in(GATEWAY.get());
        JsonObject app = scene.install();
        ContractClient once = scene.client().with("Idempotency-Key", "once");
        fault("POST", ENDPOINTS, Effect.status(400));

        once.post(AppScene.rotation(app)).expect(422);
        once.post(AppScene.rotation(app)).expect(200);

        assertThat(scene.account().endpoints()).hasSize(2);
        scene.assertLedgersAgree();
    }

    @Test
    void rotateWebhookSecret_thatStripeRefuses_leavesTheOldOne() {
        AppScene scene = AppScene.in(GATEWAY.get());
        JsonObject app = scene.install();
        fault("POST", ENDPOINTS, Effect.status(400));

        scene.client().post(AppScene.rotation(app)).expect(422);

        assertThat(scene.account().endpoints()).hasSize(1);
        scene.assertLedgersAgree();
        scene.client().post(AppScene.rotation(app)).expect(200);
    }

    @Test
    void rotateWebhookSecret_withAKeyThatStripeRefuses_isNotTheCallersMistake() {
        AppScene scene = AppScene.in(GATEWAY.get());
        JsonObject app = scene.install();
        fault("POST", ENDPOINTS, Effect.status(401));

        Answer refused = scene.client().post(AppScene.rotation(app)).expect(502);

        assertThat(refused.json().getString("code")).isEqualTo("stripe_credentials");
        scene.assertLedgersAgree();
    }

    @Test
    void uninstallApp_whileARotationsAnswerIsLost_removesBothEndpoints() {
        AppScene scene = AppScene.in(GATEWAY.get());
        JsonObject app = scene.install();
        fault("POST", ENDPOINTS, Effect.dropAfter());
        scene.client().post(AppScene.rotation(app)).expect(504);
        assertThat(scene.account().endpoints()).hasSize(2);

        scene.delete(app).expect(204);
        scene.settle();

        assertThat(scene.account().endpoints()).isEmpty();
        scene.assertLedgersAgree();
    }
}
