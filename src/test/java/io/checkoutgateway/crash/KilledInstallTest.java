package io.checkoutgateway.crash;

import static io.checkoutgateway.testing.ContractClient.checkoutSessionsOf;
import static io.checkoutgateway.testing.ContractClient.hosted;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import io.checkoutgateway.sandbox.faults.Effect;
import io.checkoutgateway.sandbox.faults.Fault;
import io.checkoutgateway.testing.AppScene;
import io.checkoutgateway.testing.ContractClient;
import io.checkoutgateway.testing.HostedPage;
import io.checkoutgateway.testing.SandboxAccount;
import io.checkoutgateway.testing.TestGateway;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpRequest.BodyPublishers;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The process dies while an app's webhook endpoint is registered. Its successor finishes the install by itself: one
 * endpoint, one app, and secrets that open.
 */
class KilledInstallTest {
    private static final String ENDPOINTS = "/v1/webhook_endpoints";

    private static CrashSite site;

    /** A request whose process is killed. */
    private CompletableFuture<Void> unfinished = CompletableFuture.completedFuture(null);

    @BeforeAll
    static void start() {
        site = new CrashSite();
    }

    @AfterAll
    static void stop() {
        site.close();
    }

    /** Kills the process at a moment of an install, which the given step begins. */
    private interface Death {
        void during(Runnable install) throws SQLException;
    }

    static Stream<Arguments> moments() {
        return Stream.of(
                argumentSet("Stripe has not made the endpoint", death(whileHeld(Effect.holdBefore()))),
                argumentSet("Stripe made the endpoint, no answer", death(whileHeld(Effect.holdAfter()))),
                argumentSet("Stripe made the endpoint, writing it down", death(KilledInstallTest::whileWritten)));
    }

    private static Death death(Death death) {
        return death;
    }

    private static Death whileHeld(Effect hold) {
        return install -> {
            Fault fault = site.sandbox().faults().once("POST", ENDPOINTS, hold);
            install.run();
            TestGateway.await(fault.struck());
            site.gateway().kill();
            // Stripe goes on with what it was asked, although nobody waits any more.
            fault.release();
        };
    }

    /** The table is locked while Stripe works, so that only what follows Stripe's answer meets the lock. */
    private static void whileWritten(Runnable install) throws SQLException {
        Fault fault = site.sandbox().faults().once("POST", ENDPOINTS, Effect.holdBefore());
        install.run();
        TestGateway.await(fault.struck());
        try (Connection lock = site.locked("app_webhooks")) {
            fault.release();
            site.awaitBlockedStatement();
            site.gateway().kill();
            lock.rollback();
        }
    }

    @ParameterizedTest
    @MethodSource("moments")
    void install_processKilled_successorFinishesIt(Death death) throws SQLException {
        String namespace = "ns-" + UUID.randomUUID();
        SandboxAccount account = new SandboxAccount(site.sandbox());
        ContractClient client =
                site.client(namespace).with("Idempotency-Key", UUID.randomUUID().toString());
        JsonObject request = AppScene.request(account, true);

        death.during(() -> client.postAsync(AppScene.INSTALL, request).exceptionally(broken -> null));
        assertThat(states(namespace)).isEqualTo("[[installing]]");
        site.restart();

        AppScene.soon(() -> assertThat(states(namespace)).isEqualTo("[[ready]]"));
        AppScene.assertLedgersAgree(site.database(), namespace, account);
        JsonObject app = client.post(AppScene.INSTALL, request).expect(201).json();
        assertThat(app.getJsonObject("app").getString("id")).isEqualTo(id(namespace));
        assertThat(account.endpoints()).hasSize(1);
        assertSecretsOpen(site.client(namespace));
    }

    @ParameterizedTest
    @MethodSource("moments")
    void registerConnectEndpoint_processKilled_successorFinishesIt(Death death) throws SQLException {
        String namespace = "ns-" + UUID.randomUUID();
        SandboxAccount account = new SandboxAccount(site.sandbox());
        ContractClient client = site.client(namespace);
        String app = client.post(AppScene.INSTALL, AppScene.request(account, true))
                .expect(201)
                .json()
                .getJsonObject("app")
                .getString("id");
        String path = "/api/v1/apps/" + app + "/connect-webhook-endpoint";

        death.during(() ->
                unfinished = CompletableFuture.runAsync(() -> client.send("PUT", path, BodyPublishers.noBody(), null)));
        site.endPauses();
        site.restart();

        AppScene.soon(() -> assertThat(
                        site.client(namespace).get(path).expect(200).json().getString("status"))
                .isEqualTo("registered"));
        AppScene.assertLedgersAgree(site.database(), namespace, account);
        assertThat(account.endpoints()).hasSize(2);
        assertThat(unfinished).isCompletedExceptionally();
    }

    private static String states(String namespace) {
        return site.database()
                .rows("SELECT state FROM checkout_gateway.apps WHERE namespace = '%s'".formatted(namespace))
                .toString();
    }

    private static String id(String namespace) {
        return site.database()
                .rows("SELECT id FROM checkout_gateway.apps WHERE namespace = '%s'".formatted(namespace))
                .get(0)
                .get(0);
    }

    /** Stripe takes the app's key, and the endpoint's deliveries are taken. */
    private static void assertSecretsOpen(ContractClient client) {
        String session = client.post(checkoutSessionsOf(CrashSite.customer(client)), hosted())
                .expect(201)
                .json()
                .getString("session_id");
        HostedPage.of(site.sandbox(), session).pay(HostedPage.GOOD_CARD);
        AppScene.soon(() -> assertThat(client.get("/api/v1/checkout-sessions/" + session)
                        .expect(200)
                        .json()
                        .getString("status"))
                .isEqualTo("complete"));
    }
}
