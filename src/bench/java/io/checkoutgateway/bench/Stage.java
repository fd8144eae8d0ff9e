package io.checkoutgateway.bench;

import io.checkoutgateway.Gateway;
import io.checkoutgateway.customers.NewCustomer;
import io.checkoutgateway.sandbox.EmbeddedDatabase;
import io.checkoutgateway.sandbox.EmbeddedDatabaseOptions;
import io.checkoutgateway.sandbox.SandboxOptions;
import io.checkoutgateway.sandbox.StripeSandbox;
import io.checkoutgateway.settings.Settings;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The real gateway on a database whose commits reach the disk, with a sandbox in place of Stripe. */
final class Stage implements AutoCloseable {
    /** Of both sides of every comparison. */
    static final int POOL_SIZE = 16;

    static final String STRIPE_KEY = "sk_test_bench";

    static final String NAMESPACE = "bench";

    private final Vertx vertx = Vertx.vertx();
    private final EmbeddedDatabase database = EmbeddedDatabase.start(EmbeddedDatabaseOptions.durable());
    private final StripeSandbox sandbox;
    private final Gateway gateway;
    private final String apiKey;

    /** @param latency what the sandbox adds to every answer */
    Stage(Duration latency) {
        sandbox = await(StripeSandbox.start(vertx, SandboxOptions.defaults().withLatency(latency)));
        gateway = await(Gateway.start(Settings.of(settings())));
        apiKey = await(gateway.apiKeys().issue(NAMESPACE, "bench", null)).reveal();
    }

    /** The presets, but for Stripe's rate: more workers than 100 calls a second of 300 ms keep busy, and no waiting. */
    private Map<String, String> settings() {
        return Map.ofEntries(
                Map.entry("GATEWAY_HTTP_HOST", "127.0.0.1"),
                Map.entry("GATEWAY_HTTP_PORT", "0"),
                Map.entry("GATEWAY_MANAGEMENT_HOST", "127.0.0.1"),
                Map.entry("GATEWAY_MANAGEMENT_PORT", "0"),
                Map.entry("GATEWAY_EVENT_LOOPS", "1"),
                Map.entry("GATEWAY_NAMESPACE", NAMESPACE),
                Map.entry("DATABASE_URL", databaseUrl()),
                Map.entry("DATABASE_POOL_SIZE", Integer.toString(POOL_SIZE)),
                Map.entry("STRIPE_API_KEY", STRIPE_KEY),
                Map.entry("STRIPE_API_BASE", sandbox.baseUri().toString()),
                Map.entry("STRIPE_WORKERS", "64"),
                Map.entry("STRIPE_REQUESTS_PER_SECOND", "10000"),
                Map.entry("STRIPE_OPERATION_REQUESTS_PER_SECOND", "10000"));
    }

    String databaseUrl() {
        return "postgresql://%s:%s@%s:%d/%s"
                .formatted(database.user(), database.password(), database.host(), database.port(), database.database());
    }

    /** The first column of a query's rows, as text. */
    List<String> rows(String sql) {
        try (Connection connection = DriverManager.getConnection(database.jdbcUrl());
                Statement statement = connection.createStatement();
                ResultSet found = statement.executeQuery(sql)) {
            List<String> rows = new ArrayList<>();
            while (found.next()) {
                rows.add(found.getString(1));
            }
            return rows;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    int port() {
        return gateway.port();
    }

    int sandboxPort() {
        return sandbox.port();
    }

    String apiKey() {
        return apiKey;
    }

    /** Requests that open a session each, for as many customers. */
    List<String> creates(int customers) {
        List<String> requests = new ArrayList<>();
        for (int i = 0; i < customers; i++) {
            NewCustomer customer = new NewCustomer(
                    "customer-" + i, "Customer " + i, null, Map.of(), null, "c" + i + "@example.com", "EUR", null);
            requests.add(
                    create(await(gateway.customers().add(NAMESPACE, customer)).id(), apiKey));
        }
        return requests;
    }

    /** A create of middle size: what a billing system sends. */
    static String create(String customerId, String apiKey) {
        return Load.post(
                "/api/v3/openmeter/customers/" + customerId + "/billing/stripe/checkout-sessions",
                apiKey,
                "application/json",
                """
                {
                  "stripe_options": {
                    "ui_mode": "hosted",
                    "success_url": "https://shop.example/done?session={CHECKOUT_SESSION_ID}",
                    "cancel_url": "https://shop.example/cart",
                    "client_reference_id": "order-4711",
                    "currency": "EUR",
                    "locale": "de",
                    "billing_address_collection": "required",
                    "metadata": {"order": "4711", "cost_center": "marketing"}
                  }
                }""");
    }

    /** Waits, as a program on its main thread may. */
    static <T> T await(Future<T> future) {
        try {
            return future.toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        await(gateway.close());
        await(sandbox.close());
        await(vertx.close());
        database.close();
    }
}
