package io.checkoutgateway.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.checkoutgateway.sandbox.faults.Effect;
import io.checkoutgateway.sandbox.faults.Fault;
import io.checkoutgateway.testing.AppScene;
import io.checkoutgateway.testing.ContractClient;
import io.checkoutgateway.testing.ContractClient.Answer;
import io.checkoutgateway.testing.GatewayExtension;
import io.checkoutgateway.testing.TestGateway;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpRequest.BodyPublishers;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Who does something to an app that another is at disturbs nobody, and hears how it ended. */
class AppTasksAtOnceTest {
    private static final String ENDPOINTS = "/v1/webhook_endpoints";

    @RegisterExtension
    private static final GatewayExtension GATEWAY = GatewayExtension.withoutApps(Map.of("STRIPE_RETRIES", "0"));

    private static Fault fault(Effect effect) {
        return GATEWAY.sandbox().faults().once("POST", ENDPOINTS, effect);
    }

    private static Answer send(ContractClient client, String method, JsonObject app) {
        return client.send(
                method,
                "/api/v1/apps/" + app.getString("id") + "/connect-webhook-endpoint",
                BodyPublishers.noBody(),
                null);
    }

    private static CompletableFuture<Answer> rotating(ContractClient client, JsonObject app) {
        return client.postAsync(AppScene.rotation(app), new JsonObject());
    }

    private static CompletableFuture<Answer> registering(AppScene scene, JsonObject app) {
        return CompletableFuture.supplyAsync(() -> send(scene.client(), "PUT", app));
    }

    private static String of(JsonObject app) {
        return " WHERE id = '" + app.getString("id") + "'";
    }

    private static String lockOf(JsonObject app) {
        return "SELECT id FROM apps" + of(app) + " FOR UPDATE";
    }

    private static void run(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            boolean ignored = statement.execute(sql);
        }
    }

    /** Begins something while others cannot have these locks, and until so many wait for one. */
    private static <T> T whileLocked(String locks, int waiting, Function<Connection, T> begin) throws SQLException {
        try (Connection holder = GATEWAY.database().connect()) {
            holder.setAutoCommit(false);
            run(holder, locks);
            T begun = begin.apply(holder);
            Awaitility.await()
                    .until(
                            () -> GATEWAY.database()
                                    .rows(
                                            "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"),
                            waiters -> waiters.size() >= waiting);
            holder.commit();
            return begun;
        }
    }

    private static String actorOf(JsonObject app, String action) {
        return column("actor", app, action);
    }

    private static String column(String column, JsonObject app, String action) {
        List<List<String>> entries = GATEWAY.database()
                .rows("SELECT " + column + " FROM checkout_gateway.audit_log WHERE resource = 'app:"
                        + app.getString("id") + "' AND action = '" + action + "'");
        assertThat(entries).hasSize(1);
        return entries.get(0).get(0);
    }

    @Test
    void removeConnectEndpoint_whileAnothersRotationIsUnfinished_leavesTheRotationItsCaller() {
        AppScene scene = AppScene.in(GATEWAY.get());
        JsonObject app = scene.install();
        send(scene.client(), "PUT", app).expect(200);
        fault(Effect.dropAfter());
        scene.client().post(AppScene.rotation(app)).expect(504);

        send(GATEWAY.get().client(scene.namespace()), "DELETE", app).expect(204);
        scene.settle();
        scene.assertLedgersAgree();

        assertThat(actorOf(app, "app.secret_rotated")).isEqualTo(actorOf(app, "app.installed"));
        assertThat(actorOf(app, "app.connect_endpoint_removed")).isNotEqualTo(actorOf(app, "app.installed"));
    }

    @Test
    void removeConnectEndpoint_thatIsNotThere_leavesARotationToItsRequest() {
        AppScene scene = AppScene.in(GATEWAY.get());
        JsonObject app = scene.install();
        Fault held = fault(Effect.holdAfter());
        CompletableFuture<Answer> rotating = rotating(scene.client(), app);
        TestGateway.await(held.struck());

        send(GATEWAY.get().client(scene.namespace()), "DELETE", app).expect(204);
        held.release();

        rotating.join().expect(200);
        scene.assertLedgersAgree();
    }

    /** As a loop does when a lease has ended. */
    private static void takeOver(JsonObject app) {
        assertThat(GATEWAY.database()
                        .execute(
                                "UPDATE checkout_gateway.apps SET lease = nextval('checkout_gateway.create_leases'), attempts = 2, due_at = now() + interval '1 minute'"
                                        + of(app)))
                .isEqualTo(1);
    }

    @Test
    void rotateWebhookSecret_thatAnotherProcessHasTakenOver_isNotAnsweredAsRotated() {
        AppScene scene = AppScene.in(GATEWAY.get());
        JsonObject app = scene.install();
        Fault held = fault(Effect.holdAfter());
        CompletableFuture<Answer> rotating = rotating(scene.client(), app);
        TestGateway.await(held.struck());

        takeOver(app);
        held.release();

        Answer answer = rotating.join().expect(409);
        assertThat(answer.header("Retry-After")).isNotNull();
        assertThat(answer.json().getString("code")).isEqualTo("conflict");
        scene.settle();
        scene.assertLedgersAgree();
    }

    @Test
    void rotateWebhookSecret_withAKeyThatAnotherProcessHasTakenOver_isAnsweredByItsRepetition() {
        AppScene scene = AppScene.in(GATEWAY.get());
        JsonObject app = scene.install();
        ContractClient once = scene.client().with("Idempotency-Key", "once");
        Fault held = fault(Effect.holdAfter());
        CompletableFuture<Answer> rotating = rotating(once, app);
        TestGateway.await(held.struck());

        takeOver(app);
        held.release();
        Answer early = rotating.join().expect(409);
        scene.settle();
        scene.assertLedgersAgree();
        Answer late = once.post(AppScene.rotation(app), new JsonObject()).expect(200);

        assertThat(early.json().getString("code")).isEqualTo("idempotency_key_in_use");
        assertThat(late.header("Idempotent-Replayed")).isEqualTo("true");
        assertThat(scene.account().endpoints()).hasSize(2);
    }

    @Test
    void registerConnectEndpoint_thatAnotherProcessHasTakenOver_isNotAnsweredAsRegistered() {
        AppScene scene = AppScene.in(GATEWAY.get());
        JsonObject app = scene.install();
        Fault held = fault(Effect.holdAfter());
        CompletableFuture<Answer> registering = registering(scene, app);
        TestGateway.await(held.struck());

        takeOver(app);
        held.release();

        registering.join().expect(409);
        scene.settle();
        scene.assertLedgersAgree();
        assertThat(send(scene.client(), "PUT", app).expect(200).json().getString("status"))
                .isEqualTo("registered");
    }

    @Test
    void rotation_whoseAppLostItsKey_isTakenBackAtOnce() {
        AppScene scene = AppScene.in(GATEWAY.get());
        JsonObject app = scene.install();
        ContractClient once = scene.client().with("Idempotency-Key", "once");
        fault(Effect.dropBefore());
        once.post(AppScene.rotation(app)).expect(504);
        GATEWAY.database()
                .execute(
                        "UPDATE checkout_gateway.app_secrets SET sealed = '\\x00' WHERE kind = 'app.api_key' AND app_id = '"
                                + app.getString("id") + "'");
        GATEWAY.database().execute("UPDATE checkout_gateway.apps SET due_at = now()" + of(app));

        assertThat(TestGateway.await(GATEWAY.get().gateway().workOnAppsNow())).isFalse();

        assertThat(GATEWAY.database().rows("SELECT due_at, attempts FROM checkout_gateway.apps" + of(app)))
                .containsExactly(List.of("null", "0"));
        assertThat(once.post(AppScene.rotation(app)).expect(409).body()).contains("give it another one first");
        scene.assertLedgersAgree();
    }

    @Test
    void registerConnectEndpoint_thatAnotherHasRegisteredSinceTheLook_isAnsweredWithThat() throws SQLException {
        AppScene scene = AppScene.in(GATEWAY.get());
        JsonObject app = scene.install();
        JsonObject registered = send(scene.client(), "PUT", app).expect(200).json();
        String row = " WHERE stripe_endpoint_id = '" + registered.getString("stripe_endpoint_id") + "'";
        GATEWAY.database().execute("UPDATE checkout_gateway.app_webhooks SET connect = false" + row);
        String commit = "; UPDATE app_webhooks SET connect = true" + row;

        CompletableFuture<Answer> late = whileLocked(lockOf(app) + commit, 1, holder -> registering(scene, app));

        assertThat(late.join().expect(200).json()).isEqualTo(registered);
        assertThat(scene.account().endpoints()).hasSize(2);
        scene.assertLedgersAgree();
    }

    @Test
    void registerConnectEndpoint_twoAtOnce_registersOne() throws SQLException {
        AppScene scene = AppScene.in(GATEWAY.get());
        JsonObject app = scene.install();

        List<CompletableFuture<Answer>> both =
                whileLocked(lockOf(app), 2, holder -> Stream.of(registering(scene, app), registering(scene, app))
                        .toList());

        assertThat(both)
                .extracting(answer -> answer.join().status())
                .contains(200)
                .isSubsetOf(200, 409);
        send(scene.client(), "PUT", app).expect(200);
        assertThat(scene.account().endpoints()).hasSize(2);
        assertThat(actorOf(app, "app.connect_endpoint_registered")).isEqualTo(actorOf(app, "app.installed"));
        scene.assertLedgersAgree();
    }

    @Test
    void uninstallApp_whileTheDefaultIsDecidedOn_waits() throws SQLException {
        AppScene scene = AppScene.in(GATEWAY.get());
        JsonObject app = scene.install();

        CompletableFuture<Answer> removing = whileLocked(
                "SELECT pg_advisory_xact_lock(hashtextextended('apps/%s', 0))".formatted(scene.namespace()),
                1,
                holder -> CompletableFuture.supplyAsync(() -> scene.delete(app)));

        removing.join().expect(204);
    }

    @Test
    void rotateWebhookSecret_whileTheAppIsChanged_isNotedAfterTheChange() throws SQLException {
        AppScene scene = AppScene.in(GATEWAY.get());
        JsonObject app = scene.install();
        Fault held = fault(Effect.holdAfter());
        CompletableFuture<Answer> rotating = rotating(scene.client(), app);
        TestGateway.await(held.struck());

        String change = "UPDATE apps SET name = 'Elsewhere'" + of(app);
        AtomicReference<String> changed = new AtomicReference<>();
        whileLocked(change, 1, holder -> {
                    changed.set(hashOf(holder, app));
                    held.release();
                    return rotating;
                })
                .join()
                .expect(200);

        assertThat(column("encode(before_hash, 'hex')", app, "app.secret_rotated"))
                .isEqualTo(changed.get());
    }

    private static String hashOf(Connection connection, JsonObject app) {
        String hash = "SELECT encode(sha256(convert_to(to_jsonb(a)::text, 'UTF8')), 'hex') FROM apps a" + of(app);
        try (Statement statement = connection.createStatement();
                ResultSet found = statement.executeQuery(hash)) {
            assertThat(found.next()).isTrue();
            return found.getString(1);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
