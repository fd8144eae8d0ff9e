package io.checkoutgateway;

import io.checkoutgateway.access.Scope;
import io.checkoutgateway.apps.AppInstalls;
import io.checkoutgateway.apps.StripeApp;
import io.checkoutgateway.audit.Actor;
import io.checkoutgateway.customers.Customer;
import io.checkoutgateway.customers.NewCustomer;
import io.checkoutgateway.sandbox.EmbeddedDatabase;
import io.checkoutgateway.sandbox.EmbeddedDatabaseOptions;
import io.checkoutgateway.sandbox.SandboxOptions;
import io.checkoutgateway.sandbox.StripeSandbox;
import io.checkoutgateway.sandbox.events.DeliveryPolicy;
import io.checkoutgateway.secrets.SealingKeys;
import io.checkoutgateway.settings.Secret;
import io.checkoutgateway.settings.Setting;
import io.checkoutgateway.settings.Settings;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The demo: the same gateway as in production, on a Postgres of its own and against the sandbox, with a customer and a
 * random key to try it with. With {@code STRIPE_API_KEY} set to a test key it calls Stripe instead.
 */
final class DemoRun {
    private static final String ENVIRONMENT_FILE = "target/demo.env";
    private static final String SANDBOX_PORT = "12111";
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    /** Moving the sandbox's clock must not make the gateway refuse webhooks as being from the future. */
    private static final DeliveryPolicy SIGNED_IN_REAL_TIME = new DeliveryPolicy(
            DeliveryPolicy.defaults().retryDelays(), DeliveryPolicy.defaults().timeout(), 1, true);

    /** As in production: who serves owns no table. */
    private static final String SERVICE_ROLE = "gateway_service";

    private static final List<String> ALL_EVENTS = List.of("*");

    private final Vertx vertx;
    private final EmbeddedDatabase database;
    private final @Nullable StripeSandbox sandbox;
    private final Gateway gateway;
    private final Map<String, String> environment;

    private DemoRun(
            Vertx vertx,
            EmbeddedDatabase database,
            @Nullable StripeSandbox sandbox,
            Gateway gateway,
            Map<String, String> environment) {
        this.vertx = vertx;
        this.database = database;
        this.sandbox = sandbox;
        this.gateway = gateway;
        this.environment = environment;
    }

    /**
     * Starts everything; blocks until it runs.
     *
     * @throws IllegalStateException with a message for the operator; nothing is left behind
     * @throws UncheckedIOException when the embedded Postgres does not start
     */
    static DemoRun start() {
        EmbeddedDatabase database =
                EmbeddedDatabase.start(EmbeddedDatabaseOptions.defaults().closedByOwner());
        Vertx vertx = Vertx.vertx();
        try {
            StripeSandbox sandbox = System.getenv("STRIPE_API_KEY") == null ? startSandbox(vertx) : null;
            return startGateway(vertx, database, sandbox);
        } catch (RuntimeException e) {
            Stops.stop(vertx.close(), PATIENCE);
            database.close();
            throw e;
        }
    }

    private static StripeSandbox startSandbox(Vertx vertx) {
        String port = Objects.requireNonNullElse(System.getenv("STRIPE_SANDBOX_PORT"), SANDBOX_PORT);
        if (!port.matches("\\d{1,5}")) {
            throw new IllegalStateException("STRIPE_SANDBOX_PORT must be a port, was \"" + port + "\"");
        }
        SandboxOptions options = SandboxOptions.defaults()
                .listeningOn("127.0.0.1", Integer.parseInt(port))
                .withDelivery(SIGNED_IN_REAL_TIME);
        try {
            return StripeSandbox.start(vertx, options).await();
        } catch (IllegalStateException taken) {
            throw new IllegalStateException(taken.getMessage() + "; STRIPE_SANDBOX_PORT chooses another", taken);
        }
    }

    private static DemoRun startGateway(Vertx vertx, EmbeddedDatabase database, @Nullable StripeSandbox sandbox) {
        String signingSecret = "whsec_" + random(24);
        Settings settings = Settings.of(values(database, sandbox, signingSecret));
        if (settings.stripe().livemode()) {
            throw new IllegalStateException("The demo takes a test key only, sk_test_… or rk_test_…");
        }
        Gateway gateway = Gateway.start(settings).await();
        Map<String, String> environment = furnish(gateway, settings).await();
        connect(sandbox, gateway, signingSecret, environment);
        return new DemoRun(vertx, database, sandbox, gateway, environment);
    }

    /** The operator's own variables, and for what they leave out, the demo's. */
    private static Map<String, String> values(
            EmbeddedDatabase database, @Nullable StripeSandbox sandbox, String signingSecret) {
        Map<String, String> values = new HashMap<>();
        values.put("GATEWAY_HTTP_HOST", "127.0.0.1");
        values.put("GATEWAY_MANAGEMENT_HOST", "127.0.0.1");
        values.put("GATEWAY_NAMESPACE", "demo");
        values.put("GATEWAY_OUTGOING_NETWORKS", "127.0.0.0/8,::1/128");
        // The database is gone when the demo stops, and with it everything that was sealed.
        values.put(
                "GATEWAY_SECRETS_KEY", SealingKeys.generate(new SecureRandom()).reveal());
        values.putAll(meantForUs(System.getenv()));
        if (sandbox != null) {
            // A secret or a host that is left over from a try with Stripe itself would be none of the sandbox's.
            values.put("STRIPE_API_KEY", "sk_test_" + random(12));
            values.put("STRIPE_API_BASE", sandbox.baseUri().toString());
            values.put("STRIPE_WEBHOOK_SECRET", signingSecret);
            values.put("GATEWAY_SANDBOX_API_BASE", sandbox.baseUri().toString());
        }
        // The sandbox is the only Stripe that reaches this machine; where the port is any, nobody knows it yet.
        String port = values.getOrDefault("GATEWAY_HTTP_PORT", "8080");
        if (sandbox != null && !port.equals("0")) {
            values.putIfAbsent("GATEWAY_PUBLIC_URL", "http://127.0.0.1:" + port);
        }
        values.put("DATABASE_URL", url(database, database.createRole(SERVICE_ROLE)));
        values.put("DATABASE_MIGRATION_URL", url(database, database.user()));
        // Somebody else's: the embedded Postgres speaks no TLS.
        values.remove("DATABASE_SSL_ROOT_CERT");
        return values;
    }

    /**
     * What of a developer's shell is for the gateway: his other programs' keys and databases are there, too, and must not
     * keep a first try from starting as they would keep {@code serve}.
     */
    static Map<String, String> meantForUs(Map<String, String> environment) {
        Set<String> known = Settings.catalogue().stream().map(Setting::name).collect(Collectors.toSet());
        return environment.entrySet().stream()
                .filter(variable -> variable.getKey().startsWith("GATEWAY_")
                        || known.contains(variable.getKey())
                        || known.contains(variable.getKey().replaceFirst("_FILE$", "")))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    private static String url(EmbeddedDatabase database, String role) {
        return "postgresql://%s:%s@%s:%d/%s?sslmode=disable"
                .formatted(role, database.password(), database.host(), database.port(), database.database());
    }

    /** A customer and a key, and what a shell needs to use them. */
    private static Future<Map<String, String>> furnish(Gateway gateway, Settings settings) {
        String namespace = settings.checkout().namespace();
        NewCustomer acme = new NewCustomer(
                "acme-" + random(3), "ACME Inc.", null, Map.of(), null, "billing@acme.example", "USD", null);
        Future<Secret> key = gateway.apiKeys().issue(namespace, "demo", Set.of(Scope.ADMIN), null);
        Future<Customer> customer = gateway.customers().add(Actor.gateway(namespace, "demo"), acme);
        Future<StripeApp> app = gateway.app();
        return Future.all(key, customer, app).map(ready -> {
            Map<String, String> environment = new LinkedHashMap<>();
            environment.put("GATEWAY_URL", "http://localhost:" + gateway.port());
            environment.put("GATEWAY_MANAGEMENT_URL", "http://localhost:" + gateway.managementPort());
            environment.put("GATEWAY_API_KEY", key.result().reveal());
            environment.put("GATEWAY_CUSTOMER_ID", customer.result().id());
            environment.put("GATEWAY_APP_ID", app.result().id());
            return environment;
        });
    }

    private static void connect(
            @Nullable StripeSandbox sandbox, Gateway gateway, String secret, Map<String, String> environment) {
        if (sandbox != null) {
            URI here = URI.create("http://127.0.0.1:" + gateway.port());
            String app = Objects.requireNonNull(environment.get("GATEWAY_APP_ID"));
            sandbox.addWebhookEndpoint(URI.create(AppInstalls.webhookUrlOf(here, app)), ALL_EVENTS, secret);
            environment.put("STRIPE_SANDBOX_URL", sandbox.baseUri().toString());
        }
        write(environment);
    }

    private static void write(Map<String, String> environment) {
        Path file = Path.of(ENVIRONMENT_FILE);
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            Files.writeString(
                    file,
                    environment.entrySet().stream()
                            .map(entry -> entry.getKey() + "=" + entry.getValue() + "\n")
                            .collect(Collectors.joining()));
        } catch (IOException e) {
            throw new UncheckedIOException("The demo could not write " + ENVIRONMENT_FILE, e);
        }
    }

    /** What runs where, and a curl to paste. */
    String greeting() {
        return """

                Checkout Gateway is running. Ctrl-C stops everything.

                  API         %1$s   documentation: %1$s/docs/
                  Management  %2$s   /livez /readyz /startupz /metrics
                  %3$s
                  Postgres    %4$s   gone when you stop

                Open a checkout session for the demo customer:

                  curl -s %1$s/api/v3/openmeter/customers/%5$s/billing/stripe/checkout-sessions \\
                    -H 'Authorization: Bearer %6$s' \\
                    -H 'Content-Type: application/json' \\
                    -H 'Idempotency-Key: my-first-session' \\
                    -d '{"stripe_options": {"success_url": "%1$s/docs/"}}'

                Then open the "url" of the answer, enter card 4242 4242 4242 4242, and look at the session:

                  curl -s %1$s/api/v1/checkout-sessions -H 'Authorization: Bearer %6$s'

                The same values are in %7$s.
                """
                .formatted(
                        environment.get("GATEWAY_URL"),
                        environment.get("GATEWAY_MANAGEMENT_URL"),
                        stripe(),
                        database.jdbcUrl(),
                        environment.get("GATEWAY_CUSTOMER_ID"),
                        environment.get("GATEWAY_API_KEY"),
                        ENVIRONMENT_FILE);
    }

    private String stripe() {
        if (sandbox != null) {
            return "Stripe      " + environment.get("STRIPE_SANDBOX_URL") + "   a sandbox: no account, no money";
        }
        // Each start makes another app, so what listens is started last, and what it signs with is known before.
        return """
                Stripe      api.stripe.com, with your test key. Its webhooks come with
                              stripe listen --forward-to %s/api/v1/apps/%s/stripe/webhook
                              if this was set before the start, in the same account:
                              export STRIPE_WEBHOOK_SECRET=$(stripe listen --print-secret)"""
                .formatted(environment.get("GATEWAY_URL"), environment.get("GATEWAY_APP_ID"));
    }

    /** Stops everything, last started first. */
    void stop() {
        Stops.stop(gateway.close(), PATIENCE);
        Stops.stop(sandbox == null ? Future.succeededFuture() : sandbox.close(), PATIENCE);
        Stops.stop(vertx.close(), PATIENCE);
        database.close();
    }

    private static String random(int bytes) {
        byte[] drawn = new byte[bytes];
        new SecureRandom().nextBytes(drawn);
        return HexFormat.of().formatHex(drawn);
    }
}
