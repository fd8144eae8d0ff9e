package io.checkoutgateway.crash;

import static io.checkoutgateway.testing.ContractClient.checkoutSessionsOf;
import static io.checkoutgateway.testing.ContractClient.hosted;

import com.stripe.StripeClient;
import io.checkoutgateway.access.ApiKey;
import io.checkoutgateway.sandbox.SandboxOptions;
import io.checkoutgateway.sandbox.StripeSandbox;
import io.checkoutgateway.testing.ContractClient;
import io.checkoutgateway.testing.ContractClient.Answer;
import io.checkoutgateway.testing.Ledgers;
import io.checkoutgateway.testing.MirrorTruth;
import io.checkoutgateway.testing.Relay;
import io.checkoutgateway.testing.TestDatabase;
import io.checkoutgateway.testing.TestGateway;
import io.checkoutgateway.testing.TestSandbox;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;

/** A sandbox and a database that outlive the gateways which are killed over them. */
final class CrashSite implements AutoCloseable {
    /** Leases are long, since a busy machine is slow; those of the dead end when their successor starts. */
    private static final Map<String, String> HASTE = Map.of(
            "STRIPE_RETRIES", "0",
            "GATEWAY_RECONCILE_INTERVAL", "PT0.2S",
            "GATEWAY_APPS_INTERVAL", "PT0.2S",
            "GATEWAY_SHUTDOWN_GRACE", "PT1M");

    private final Vertx vertx = Vertx.vertx();
    private final StripeSandbox sandbox = TestSandbox.start(vertx, SandboxOptions.defaults());
    private final TestDatabase database = TestDatabase.create();
    private final Map<String, String> settings = new HashMap<>(TestGateway.settings(database, sandbox));
    private final String apiKey;

    /** Always at the same port, so that callers and the sandbox's deliveries find the successor. */
    private final Relay door = new Relay(vertx);

    private GatewayProcess gateway;

    CrashSite() {
        settings.putAll(HASTE);
        settings.put("GATEWAY_PUBLIC_URL", url().toString());
        gateway = start();
        apiKey = issueKey(TestGateway.NAMESPACE);
        String app =
                database.rows("SELECT id FROM checkout_gateway.apps").get(0).get(0);
        sandbox.addWebhookEndpoint(
                url().resolve("/api/v1/apps/" + app + "/stripe/webhook"), List.of("*"), TestGateway.SIGNING_SECRET);
    }

    private GatewayProcess start() {
        GatewayProcess started = GatewayProcess.start(settings);
        door.leadTo(started.port());
        return started;
    }

    private String issueKey(String namespace) {
        ApiKey.Issued issued = ApiKey.issue(new SecureRandom());
        database.execute(("INSERT INTO checkout_gateway.api_keys (id, namespace, name, hash, scopes)"
                        + " VALUES ('%s', '%s', 'test', '\\x%s', '{admin}')")
                .formatted(
                        issued.key().id(),
                        namespace,
                        HexFormat.of().formatHex(issued.key().hash().getBytes())));
        return issued.text().reveal();
    }

    StripeSandbox sandbox() {
        return sandbox;
    }

    TestDatabase database() {
        return database;
    }

    GatewayProcess gateway() {
        return gateway;
    }

    Ledgers ledgers() {
        return Ledgers.of(sandbox, database);
    }

    MirrorTruth truth() {
        return new MirrorTruth(sandbox, database, settings.getOrDefault("STRIPE_API_KEY", ""));
    }

    /** Another service of the same Stripe account, which the gateway knows nothing of. */
    StripeClient anotherService() {
        return StripeClient.builder()
                .setApiKey(settings.getOrDefault("STRIPE_API_KEY", ""))
                .setApiBase(sandbox.baseUri().toString())
                .build();
    }

    private URI url() {
        return URI.create("http://127.0.0.1:" + door.port());
    }

    ContractClient client() {
        return new ContractClient(url(), apiKey);
    }

    /** A client of any namespace. */
    ContractClient client(String namespace) {
        return new ContractClient(url(), issueKey(namespace));
    }

    /** A new customer's id. */
    String customer() {
        return customer(client());
    }

    static String customer(ContractClient client) {
        JsonObject customer = new JsonObject()
                .put("key", "customer-" + UUID.randomUUID())
                .put("name", "Customer")
                .put("currency", "EUR");
        return client.post("/api/v3/openmeter/customers", customer)
                .expect(201)
                .json()
                .getString("id");
    }

    /** A request that can be repeated. */
    record Request(String customer, String key) {}

    Request request() {
        return new Request(customer(), UUID.randomUUID().toString());
    }

    CompletableFuture<Answer> send(Request request) {
        return client().with("Idempotency-Key", request.key())
                .postAsync(checkoutSessionsOf(request.customer()), hosted());
    }

    /** Repeats the request, as a caller should, until it is done. */
    Answer repeatUntilDone(Request request) {
        return Awaitility.await()
                .pollInterval(Duration.ofMillis(100))
                .ignoreExceptions()
                .until(() -> send(request).join(), answer -> answer.status() == 201);
    }

    /** As if every lease and pause were over: after many failures a pause takes minutes, and so may line items. */
    void endPauses() {
        database.execute("UPDATE checkout_gateway.checkout_sessions SET lease_until = now() WHERE status = 'creating'");
        database.execute("UPDATE checkout_gateway.follow_ups SET next_attempt_at = now() WHERE state = 'pending'");
        database.execute("UPDATE checkout_gateway.apps SET due_at = now() WHERE due_at IS NOT NULL");
    }

    /** Starts the successor of a process that has ended, as late as if every lease of that one were over. */
    void restart() {
        gateway.close();
        door.leadTo(Relay.NOWHERE);
        endPauses();
        gateway = start();
    }

    /** Waits until one of the gateway's statements waits for a lock that the test holds. */
    void awaitBlockedStatement() {
        Awaitility.await().until(() -> !database.rows(
                        """
                        SELECT pid FROM pg_stat_activity
                        WHERE application_name = 'checkout-gateway' AND wait_event_type = 'Lock'
                          AND datname = current_database()
                        """)
                .isEmpty());
    }

    /** Keeps everybody else from writing to the table until it is closed. */
    Connection locked(String table) throws SQLException {
        Connection connection = database.connect();
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement()) {
            statement.execute("LOCK TABLE " + table + " IN EXCLUSIVE MODE");
        }
        return connection;
    }

    @Override
    public void close() {
        gateway.close();
        sandbox.faults().clear();
        TestGateway.await(sandbox.close());
        TestGateway.await(vertx.close());
    }
}
