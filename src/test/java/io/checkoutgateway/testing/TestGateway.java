package io.checkoutgateway.testing;

import io.checkoutgateway.Gateway;
import io.checkoutgateway.access.Scope;
import io.checkoutgateway.audit.Actor;
import io.checkoutgateway.customers.NewCustomer;
import io.checkoutgateway.sandbox.SandboxOptions;
import io.checkoutgateway.sandbox.StripeSandbox;
import io.checkoutgateway.sandbox.events.Delivery;
import io.checkoutgateway.settings.Settings;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.net.URI;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/** The real gateway on free ports, with a database of its own and a sandbox that delivers webhooks to it. */
public final class TestGateway implements AutoCloseable {
    public static final String NAMESPACE = "test";
    public static final String SIGNING_SECRET = "whsec_canary_signing_secret";

    /** 32 bytes, none of them random. */
    public static final String SECRETS_KEY = "dGVzdCB0ZXN0IHRlc3QgdGVzdCB0ZXN0IHRlc3QgdGU=";

    private static final String STRIPE_KEY = "sk_test_canary_gateway";

    private static final String PENDING =
            """
            SELECT id FROM checkout_gateway.stripe_events WHERE state = 'pending'
            UNION ALL
            SELECT id FROM checkout_gateway.follow_ups WHERE state = 'pending'
            """;

    private static final AtomicInteger CUSTOMERS = new AtomicInteger();

    private final Vertx vertx;
    private final StripeSandbox sandbox;
    private final TestDatabase database;
    private final Map<String, String> settings;
    private final Clock clock;
    private final boolean first;
    private Gateway gateway;

    private @Nullable String ownKey;

    /** Where the world finds a gateway that has a public URL. */
    private @Nullable Relay door;

    private TestGateway(
            Vertx vertx,
            StripeSandbox sandbox,
            TestDatabase database,
            Map<String, String> settings,
            Clock clock,
            boolean first) {
        this.vertx = vertx;
        this.sandbox = sandbox;
        this.database = database;
        this.settings = settings;
        this.clock = clock;
        this.first = first;
        this.gateway = await(Gateway.start(Settings.of(settings), clock));
        if (first && settings.containsKey("STRIPE_API_KEY")) {
            sandbox.addWebhookEndpoint(webhookUrl(), List.of("*"), SIGNING_SECRET);
        }
    }

    /**
     * Starts one without an account in the settings, which Stripe reaches: apps can be installed in it, those of type
     * sandbox too.
     */
    public static TestGateway startWithoutApps(Map<String, String> overrides) {
        Vertx vertx = Vertx.vertx();
        Relay door = new Relay(vertx);
        Map<String, String> settings = new HashMap<>(Map.of(
                "STRIPE_API_KEY", "",
                "STRIPE_WEBHOOK_SECRET", "",
                "GATEWAY_PUBLIC_URL", "http://127.0.0.1:" + door.port(),
                "GATEWAY_APPS_INTERVAL", "PT10M"));
        settings.putAll(overrides);
        TestGateway started = start(vertx, settings, SandboxOptions.defaults(), Clock.systemUTC());
        started.door = door.leadTo(started.gateway.port());
        return started;
    }

    /** Starts one with the presets of the settings, as far as they suit a test. */
    public static TestGateway start() {
        return start(Map.of());
    }

    /** Starts one with these settings instead of the presets. */
    public static TestGateway start(Map<String, String> overrides) {
        return start(overrides, SandboxOptions.defaults(), Clock.systemUTC());
    }

    /** Starts one with these settings instead of the presets, and such a sandbox. */
    public static TestGateway start(Map<String, String> overrides, SandboxOptions options) {
        return start(overrides, options, Clock.systemUTC());
    }

    /** Starts one with a clock of its own. */
    public static TestGateway start(Map<String, String> overrides, Clock clock) {
        return start(overrides, SandboxOptions.defaults(), clock);
    }

    private static TestGateway start(Map<String, String> overrides, SandboxOptions options, Clock clock) {
        return start(Vertx.vertx(), overrides, options, clock);
    }

    private static TestGateway start(Vertx vertx, Map<String, String> overrides, SandboxOptions options, Clock clock) {
        StripeSandbox sandbox = TestSandbox.start(vertx, options);
        TestDatabase database = TestDatabase.create();
        Map<String, String> settings = new HashMap<>(settings(database, sandbox));
        if (overrides.containsKey("DATABASE_URL")) {
            settings.remove("DATABASE_MIGRATE");
        }
        settings.putAll(overrides);
        if (overrides.containsKey("GATEWAY_PUBLIC_URL")) {
            settings.putIfAbsent("GATEWAY_SANDBOX_API_BASE", sandbox.baseUri().toString());
        }
        // An empty one takes a preset away.
        settings.values().removeIf(String::isEmpty);
        return new TestGateway(vertx, sandbox, database, settings, clock, true);
    }

    /**
     * Another replica: the same database and the same Stripe, ports of its own. Stripe delivers to the first only.
     * Closed before the first.
     */
    public TestGateway replica() {
        return replica(Map.of());
    }

    /** Another replica with some other settings. */
    public TestGateway replica(Map<String, String> overrides) {
        Map<String, String> others = new HashMap<>(settings);
        others.putAll(overrides);
        return new TestGateway(vertx, sandbox, database, others, clock, false);
    }

    /** What a gateway needs to know to run on this database and against this sandbox, on free ports of its own. */
    public static Map<String, String> settings(TestDatabase database, StripeSandbox sandbox) {
        return Map.ofEntries(
                Map.entry("GATEWAY_HTTP_HOST", "127.0.0.1"),
                Map.entry("GATEWAY_HTTP_PORT", "0"),
                Map.entry("GATEWAY_MANAGEMENT_HOST", "127.0.0.1"),
                Map.entry("GATEWAY_MANAGEMENT_PORT", "0"),
                Map.entry("GATEWAY_EVENT_LOOPS", "1"),
                Map.entry("GATEWAY_NAMESPACE", NAMESPACE),
                Map.entry("GATEWAY_RECONCILE_INTERVAL", "PT10M"),
                Map.entry("DATABASE_URL", database.url()),
                // It was migrated before it was copied.
                Map.entry("DATABASE_MIGRATE", "false"),
                Map.entry("DATABASE_POOL_SIZE", "8"),
                Map.entry("STRIPE_CONNECT_TIMEOUT", "PT30S"),
                Map.entry("STRIPE_READ_TIMEOUT", "PT1M"),
                Map.entry("STRIPE_DEADLINE", "PT1M"),
                Map.entry("GATEWAY_CREATE_LEASE", "PT5M"),
                Map.entry("GATEWAY_BODY_TIMEOUT", "PT1M"),
                Map.entry("GATEWAY_OUTGOING_TIMEOUT", "PT30S"),
                Map.entry("GATEWAY_SECRETS_KEY", SECRETS_KEY),
                Map.entry("STRIPE_API_KEY", STRIPE_KEY),
                Map.entry("STRIPE_API_BASE", sandbox.baseUri().toString()),
                Map.entry("STRIPE_WEBHOOK_SECRET", SIGNING_SECRET),
                Map.entry("STRIPE_REQUESTS_PER_SECOND", "1000"),
                Map.entry("STRIPE_OPERATION_REQUESTS_PER_SECOND", "1000"),
                Map.entry("STRIPE_BACKGROUND_REQUESTS_PER_SECOND", "1000"),
                Map.entry("GATEWAY_RATE_REQUESTS_PER_SECOND", "0"),
                Map.entry("GATEWAY_RATE_CREATES_PER_MINUTE", "0"),
                Map.entry("GATEWAY_CATCH_UP_INTERVAL", "P1D"),
                Map.entry("GATEWAY_DRIFT_GRACE", "PT0S"));
    }

    public Gateway gateway() {
        return gateway;
    }

    public StripeSandbox sandbox() {
        return sandbox;
    }

    public TestDatabase database() {
        return database;
    }

    /** The settings that it was started with; changing the copy changes nothing. */
    public Map<String, String> settings() {
        return Map.copyOf(settings);
    }

    public URI url() {
        return URI.create("http://127.0.0.1:" + gateway.port());
    }

    public URI managementUrl() {
        return URI.create("http://127.0.0.1:" + gateway.managementPort());
    }

    /** Its metrics, as Prometheus reads them. */
    public String metrics() {
        return PlainHttp.get(managementUrl().resolve("/metrics")).body();
    }

    /** The value of this series, when there is one yet. */
    public OptionalDouble metric(String series) {
        return metrics()
                .lines()
                .filter(line -> line.startsWith(series + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(series.length() + 1)))
                .findFirst();
    }

    /** Where Stripe delivers. */
    public URI webhookUrl() {
        return url().resolve("/api/v1/apps/" + await(gateway.app()).id() + "/stripe/webhook");
    }

    /** A client of the gateway's namespace, which holds every answer against the contract; always of the same key. */
    public ContractClient client() {
        return new ContractClient(url(), ownKey());
    }

    /** A test that looks again and again would have more keys than there may be. */
    private synchronized String ownKey() {
        if (ownKey == null) {
            ownKey = key();
        }
        return ownKey;
    }

    /** A client of any namespace, with a key of its own. */
    public ContractClient client(String namespace) {
        return new ContractClient(url(), key(namespace));
    }

    /** A new API key of the gateway's namespace. */
    public String key() {
        return key(NAMESPACE);
    }

    private String key(String namespace) {
        return key(namespace, Scope.ADMIN);
    }

    /** A new API key that allows only this. */
    public String key(String namespace, Scope scope) {
        return await(gateway.apiKeys().issue(namespace, "test", Set.of(scope), null))
                .reveal();
    }

    /** A customer with a currency and an e-mail address; answers its id. */
    public String customer() {
        return customer(NAMESPACE);
    }

    public String customer(String namespace) {
        int number = CUSTOMERS.incrementAndGet();
        NewCustomer customer = new NewCustomer(
                "customer-" + number,
                "Customer " + number,
                null,
                Map.of(),
                null,
                "customer" + number + "@example.com",
                "EUR",
                null);
        return await(gateway.customers().add(Actor.gateway(namespace, "test"), customer))
                .id();
    }

    /** Waits until every event has been delivered and applied, and what was to be done at Stripe is. */
    public void settle() {
        Awaitility.await()
                .until(() -> everythingIsDelivered() && database.rows(PENDING).isEmpty() && everythingIsDelivered());
    }

    private boolean everythingIsDelivered() {
        return sandbox.deliveries().all().stream().noneMatch(delivery -> delivery.state() == Delivery.State.PENDING);
    }

    /** Waits until every change so far is in the feed. */
    public void awaitPublished() {
        Awaitility.await().until(() -> database.rows("SELECT id FROM checkout_gateway.outbox")
                .isEmpty());
    }

    /** The two ledgers of this gateway: Stripe's and its own. */
    public Ledgers ledgers() {
        return new Ledgers(sandbox, database);
    }

    /** Waits for a result, as a test may. */
    public static <T> T await(Future<T> future) {
        try {
            return future.toCompletionStage()
                    .toCompletableFuture()
                    .get(Patience.LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e.getCause());
        } catch (InterruptedException | TimeoutException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * Stops the gateway and starts it again on the same database, on a new port. The sandbox knows it only of one that
     * has a public URL.
     */
    public void restart() {
        await(gateway.close());
        gateway = await(Gateway.start(Settings.of(settings), clock));
        if (door != null) {
            door.leadTo(gateway.port());
        }
    }

    @Override
    public void close() {
        await(gateway.close());
        if (first) {
            await(sandbox.close());
            await(vertx.close());
        }
    }
}
