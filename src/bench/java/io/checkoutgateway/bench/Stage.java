package io.checkoutgateway.bench;

import io.checkoutgateway.Gateway;
import io.checkoutgateway.access.Scope;
import io.checkoutgateway.audit.Actor;
import io.checkoutgateway.customers.NewCustomer;
import io.checkoutgateway.sandbox.EmbeddedDatabase;
import io.checkoutgateway.sandbox.EmbeddedDatabaseOptions;
import io.checkoutgateway.sandbox.SandboxOptions;
import io.checkoutgateway.sandbox.StripeSandbox;
import io.checkoutgateway.settings.Settings;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The real gateway on a database whose commits reach the disk, with a sandbox in place of Stripe. */
final class Stage implements AutoCloseable {
    /** Of both sides of every comparison. */
    static final int POOL_SIZE = 16;

    static final String STRIPE_KEY = "sk_test_bench";

    /** 32 bytes, none of them random. */
    private static final String SECRETS_KEY = "YmVuY2ggYmVuY2ggYmVuY2ggYmVuY2ggYmVuY2ggYmU=";

    static final String NAMESPACE = "bench";

    static final String SIGNING_SECRET = "whsec_bench";

    private final Vertx vertx = Vertx.vertx();
    private final EmbeddedDatabase server;
    private final String database;
    private final boolean ownsServer;
    private final StripeSandbox sandbox;
    private final Gateway gateway;
    private final String apiKey;
    private final String appId;

    /**
     * One event loop, a server of its own, and no limits to Stripe's rate: more workers than 100 calls a second of
     * 300 ms keep busy, and no waiting.
     *
     * @param latency what the sandbox adds to every answer
     */
    Stage(Duration latency) {
        this(
                EmbeddedDatabase.start(EmbeddedDatabaseOptions.durable()),
                "postgres",
                true,
                latency,
                Map.of(
                        "GATEWAY_EVENT_LOOPS", "1",
                        "STRIPE_WORKERS", "64",
                        "STRIPE_REQUESTS_PER_SECOND", "10000",
                        "STRIPE_OPERATION_REQUESTS_PER_SECOND", "10000"));
    }

    /** As in production, with the presets, on a database that others may use too. */
    Stage(EmbeddedDatabase server, String database) {
        this(server, database, false, Duration.ZERO, Map.of());
    }

    private Stage(
            EmbeddedDatabase server,
            String database,
            boolean ownsServer,
            Duration latency,
            Map<String, String> settings) {
        this.server = server;
        this.database = database;
        this.ownsServer = ownsServer;
        sandbox = await(StripeSandbox.start(vertx, SandboxOptions.defaults().withLatency(latency)));
        gateway = await(Gateway.start(Settings.of(with(settings))));
        apiKey = await(gateway.apiKeys().issue(NAMESPACE, "bench", Set.of(Scope.ADMIN), null))
                .reveal();
        appId = await(gateway.app()).id();
    }

    private Map<String, String> with(Map<String, String> settings) {
        Map<String, String> all = new HashMap<>(settings);
        // One caller plays all of them.
        all.put("GATEWAY_RATE_REQUESTS_PER_SECOND", "0");
        all.put("GATEWAY_RATE_CREATES_PER_MINUTE", "0");
        all.putAll(Map.of(
                "GATEWAY_HTTP_HOST",
                "127.0.0.1",
                "GATEWAY_HTTP_PORT",
                "0",
                "GATEWAY_MANAGEMENT_HOST",
                "127.0.0.1",
                "GATEWAY_MANAGEMENT_PORT",
                "0",
                "GATEWAY_NAMESPACE",
                NAMESPACE,
                "DATABASE_URL",
                databaseUrl(),
                "DATABASE_POOL_SIZE",
                Integer.toString(POOL_SIZE),
                "STRIPE_API_KEY",
                STRIPE_KEY,
                "STRIPE_API_BASE",
                sandbox.baseUri().toString(),
                "STRIPE_WEBHOOK_SECRET",
                SIGNING_SECRET));
        all.put("GATEWAY_SECRETS_KEY", SECRETS_KEY);
        return all;
    }

    String databaseUrl() {
        return "postgresql://%s:%s@%s:%d/%s?sslmode=disable"
                .formatted(server.user(), server.password(), server.host(), server.port(), database);
    }

    String database() {
        return database;
    }

    /** The gateway's database. */
    Sql sql() {
        return new Sql(server.jdbcUrl(database));
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

    String appId() {
        return appId;
    }

    /** A delivery of this event. */
    String webhook(String event) {
        return Load.webhook("/api/v1/apps/" + appId + "/stripe/webhook", event);
    }

    /** Requests that open a session each, for as many customers. */
    List<String> creates(int customers) {
        List<String> requests = new ArrayList<>();
        for (int i = 0; i < customers; i++) {
            NewCustomer customer = new NewCustomer(
                    "customer-" + i, "Customer " + i, null, Map.of(), null, "c" + i + "@example.com", "EUR", null);
            requests.add(create(
                    await(gateway.customers().add(Actor.gateway(NAMESPACE, "bench"), customer))
                            .id(),
                    apiKey));
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
        if (ownsServer) {
            server.close();
        }
    }
}
