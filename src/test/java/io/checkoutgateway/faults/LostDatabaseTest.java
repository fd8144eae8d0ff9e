package io.checkoutgateway.faults;

import static io.checkoutgateway.testing.ContractClient.checkoutSessionsOf;
import static io.checkoutgateway.testing.ContractClient.hosted;
import static org.assertj.core.api.Assertions.assertThat;

import io.checkoutgateway.sandbox.faults.Effect;
import io.checkoutgateway.sandbox.faults.Fault;
import io.checkoutgateway.testing.ContractClient;
import io.checkoutgateway.testing.ContractClient.Answer;
import io.checkoutgateway.testing.PlainHttp;
import io.checkoutgateway.testing.Relay;
import io.checkoutgateway.testing.TestDatabase;
import io.checkoutgateway.testing.TestGateway;
import io.vertx.core.Vertx;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Postgres goes away, falls silent or is slow, and comes back. */
class LostDatabaseTest {
    private static final String SESSIONS = "/api/v1/checkout-sessions";

    private static Vertx vertx;
    private static TestDatabase database;
    private static Relay relay;
    private static TestGateway gateway;
    private static ContractClient client;

    @BeforeAll
    static void start() {
        vertx = Vertx.vertx();
        database = TestDatabase.create();
        relay = new Relay(vertx);
        gateway = TestGateway.start(Map.of(
                "DATABASE_URL", database.urlBy(relay),
                "GATEWAY_RECONCILE_INTERVAL", "PT0.2S",
                "STRIPE_RETRIES", "0"));
        client = gateway.client();
    }

    @AfterEach
    void ledgersAgree() {
        gateway.sandbox().faults().clear();
        io.checkoutgateway.testing.Ledgers.of(gateway.sandbox(), database).agree();
    }

    @AfterAll
    static void stop() {
        gateway.close();
        TestGateway.await(vertx.close());
    }

    /** Another replica, which waits for the database no longer than a test may; a busy machine may need a second start. */
    private static TestGateway impatient(Relay ownWay) {
        Map<String, String> settings = Map.of(
                "DATABASE_URL", database.urlBy(ownWay),
                "DATABASE_CONNECT_TIMEOUT", "PT4S",
                "DATABASE_STATEMENT_TIMEOUT", "PT4S");
        return Awaitility.await().ignoreExceptions().until(() -> gateway.replica(settings), started -> true);
    }

    private static int readiness(TestGateway asked) {
        return PlainHttp.get(asked.managementUrl().resolve("/readyz")).statusCode();
    }

    private static void assertUnavailableSoon(TestGateway asked, ContractClient client) {
        Answer refused = client.post(checkoutSessionsOf("01ARZ3NDEKTSV4RRFFQ69G5FAV"), hosted())
                .expect(503);
        assertThat(refused.json().getString("code")).isEqualTo("database_unavailable");
        assertThat(refused.header("Retry-After")).isNotEmpty();
        assertThat(readiness(asked)).isEqualTo(503);
    }

    private static void assertRecovers(TestGateway asked, ContractClient client) {
        Awaitility.await()
                .until(() -> readiness(asked) == 200 && client.get(SESSIONS).status() == 200);
    }

    @Test
    void database_connectionsCut_isSaidAtOnceAndRecoversByItself() {
        relay.cut();
        assertUnavailableSoon(gateway, client);

        relay.restore();
        assertRecovers(gateway, client);
    }

    @Test
    void database_silent_nothingHangsAndTheConnectionsAreReplaced() {
        Relay way = new Relay(vertx);
        try (TestGateway impatient = impatient(way)) {
            ContractClient itsClient = impatient.client();
            way.silence();
            assertUnavailableSoon(impatient, itsClient);

            way.restore();
            assertRecovers(impatient, itsClient);
        }
    }

    @Test
    void create_databaseLostWhileStripeWorks_isFinishedWhenItIsBack() {
        String customer = gateway.customer();
        String key = UUID.randomUUID().toString();
        Fault held = gateway.sandbox().faults().once("POST", "/v1/checkout/sessions", Effect.holdAfter());
        CompletableFuture<Answer> answer =
                client.with("Idempotency-Key", key).postAsync(checkoutSessionsOf(customer), hosted());
        TestGateway.await(held.struck());
        relay.cut();
        held.release();
        assertThat(answer.join().expect(503).json().getString("code")).isEqualTo("database_unavailable");

        relay.restore();
        assertRecovers(gateway, client);
        // The lease could not be given back; as if it had ended.
        database.execute("UPDATE checkout_gateway.checkout_sessions SET lease_until = now() WHERE status = 'creating'");

        Answer repeated = Awaitility.await()
                .until(
                        () -> client.with("Idempotency-Key", key).post(checkoutSessionsOf(customer), hosted()),
                        done -> done.status() == 201);
        assertThat(gateway.sandbox().ledger().sessionsWithMetadata("om_customer_id", customer))
                .singleElement()
                .satisfies(session ->
                        assertThat(session.id()).isEqualTo(repeated.json().getString("session_id")));
    }

    @Test
    void create_outcomeCannotBeWrittenDown_isFinishedLater() throws SQLException {
        String customer = gateway.customer();
        try (TestGateway impatient = impatient(new Relay(vertx))) {
            ContractClient keyed =
                    impatient.client().with("Idempotency-Key", UUID.randomUUID().toString());
            Fault held = gateway.sandbox().faults().once("POST", "/v1/checkout/sessions", Effect.holdBefore());
            CompletableFuture<Answer> answer = keyed.postAsync(checkoutSessionsOf(customer), hosted());
            TestGateway.await(held.struck());
            try (Connection lock = database.connect();
                    Statement statement = lock.createStatement()) {
                lock.setAutoCommit(false);
                statement.execute("LOCK TABLE checkout_session_transitions IN EXCLUSIVE MODE");
                held.release();
                assertThat(answer.join().expect(503).json().getString("code")).isEqualTo("database_unavailable");
                lock.rollback();
            }
            // The lease could be given back only if no event of the session held the row just then; as if it had ended.
            database.execute(
                    "UPDATE checkout_gateway.checkout_sessions SET lease_until = now() WHERE status = 'creating'");

            Awaitility.await()
                    .until(() ->
                            keyed.post(checkoutSessionsOf(customer), hosted()).status() == 201);

            assertThat(gateway.sandbox().ledger().sessionsWithMetadata("om_customer_id", customer))
                    .hasSize(1);
        }
    }
}
