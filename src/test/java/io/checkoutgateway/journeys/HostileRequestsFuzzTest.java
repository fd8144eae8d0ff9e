package io.checkoutgateway.journeys;

import static io.checkoutgateway.testing.ContractClient.checkoutSessionsOf;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.checkoutgateway.testing.AppScene;
import io.checkoutgateway.testing.ContractClient;
import io.checkoutgateway.testing.ContractClient.Answer;
import io.checkoutgateway.testing.Fuzz;
import io.checkoutgateway.testing.GatewayExtension;
import io.checkoutgateway.testing.Hostile;
import io.checkoutgateway.testing.HostileJson;
import io.checkoutgateway.testing.PipelinedHttp;
import io.checkoutgateway.testing.PipelinedHttp.Request;
import io.checkoutgateway.testing.PublishedOperations;
import io.checkoutgateway.testing.PublishedOperations.Described;
import io.checkoutgateway.testing.SignedEvent;
import io.checkoutgateway.testing.TestGateway;
import io.checkoutgateway.testing.WrittenLines;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.slf4j.LoggerFactory;

/**
 * Thousands of hostile requests for each part of a request that outsiders write. None is answered 5xx or hangs, each
 * problem is the contract's and tells nothing of the inside, and no line of the log has a stack trace.
 */
class HostileRequestsFuzzTest {
    @RegisterExtension
    private static final GatewayExtension GATEWAY = new GatewayExtension(Map.of("GATEWAY_BODY_MAX_BYTES", "65536"));

    /** What only the inside knows: packages, classes, SQL, files, traces. */
    private static final List<String> INSIDE = List.of(
            "java.",
            "io.vertx",
            "io.checkoutgateway",
            "io.netty",
            "com.fasterxml",
            "com.stripe",
            "org.postgres",
            "Exception",
            "SQLSTATE",
            "SELECT ",
            "INSERT INTO",
            "\tat ",
            ".java:",
            "/src/main");

    private static final String ACCESS = "io.checkoutgateway.http.access";

    /** Says with a stack trace that a thread was slow, which a busy machine makes it. */
    private static final String SLOWNESS = "io.vertx.core.impl.BlockedThreadChecker";

    private static final WrittenLines WRITTEN =
            new WrittenLines(org.slf4j.Logger.ROOT_LOGGER_NAME, ACCESS, "io.checkoutgateway.events.EventWorker");

    private static final JsonObject CUSTOMER = new JsonObject(
            """
            {"key": "acme", "name": "ACME", "currency": "EUR", "labels": {"tier": "gold"}, "primary_email": "a@example.com",
             "usage_attribution": {"subject_keys": ["acme-1"]}, "billing_address": {"country": "DE", "city": "Berlin"}}
            """);
    private static final JsonObject SESSION = new JsonObject(
            """
            {"stripe_options": {"success_url": "https://shop.example/done?s={CHECKOUT_SESSION_ID}", "currency": "EUR",
             "metadata": {"order": "1"}, "expires_at": 1, "payment_method_types": ["card"], "locale": "de",
             "custom_text": {"submit": {"message": "thanks"}}, "cancel_url": "https://shop.example/"}}
            """);

    /** Its host is refused, so that few portals are opened. */
    private static final JsonObject PORTAL =
            new JsonObject("{\"stripe_options\": {\"locale\": \"de\", \"return_url\": \"https://10.0.0.1/account\"}}");

    private static final JsonObject PAYER = new JsonObject(
            """
            {"create": {"key": "acme-2", "name": "ACME", "primary_email": "a@example.com"}}
            """);

    /** Stripe does not reach this gateway, so that none is installed. */
    private static final JsonObject INSTALL = new JsonObject(
            """
            {"type": "stripe", "name": "Europe", "create_billing_profile": true, "api_key": "sk_test_51FuzzFuzzFuzzFuzzFuzzFuzz"}
            """);

    /** Its end is over, so that few keys are made. */
    private static final JsonObject KEY = new JsonObject(
            """
            {"name": "billing", "scopes": ["sessions:read", "customers:read"], "expires_at": "2020-01-01T00:00:00Z"}
            """);

    /** Operations whose bodies have a target of their own. */
    private static final Set<String> OF_THEIR_OWN = Set.of(
            "create-customer",
            "create-customer-stripe-checkout-session",
            "create-checkout-session",
            "create-customer-stripe-portal-session",
            "install-app",
            "create-api-key",
            "receive-stripe-webhook");

    private static final String NOBODY = "01ARZ3NDEKTSV4RRFFQ69G5FAV";

    /** Of one that is told of what does not happen here. */
    private static final JsonObject ENDPOINT = new JsonObject(
            """
            {"url": "https://1.1.1.1/hooks", "description": "Billing", "event_types": ["checkout_session.expired"]}
            """);

    /** Of these the contract's examples would ask Stripe or others for something, or begin work that goes on for long. */
    private static final Map<String, JsonObject> MODEST = Map.of(
            "update-app",
            new JsonObject(
                    """
                    {"type": "stripe", "name": "Europe", "description": "Cards", "labels": {"region": "eu"},
                     "secret_api_key": "sk_live_51FuzzFuzzFuzzFuzzFuzzFuzz"}
                    """),
            "create-webhook-endpoint",
            ENDPOINT.copy().put("url", "https://10.0.0.1/hooks"),
            "update-webhook-endpoint",
            ENDPOINT.copy().put("enabled", false),
            "create-backfill",
            new JsonObject().put("app_id", NOBODY).put("from", "2026-01-01T00:00:00Z"),
            "create-drift-report",
            new JsonObject().put("app_id", NOBODY).put("repair", false));

    private static String key = "";
    private static final String CUSTOMERS = "/api/v3/openmeter/customers";

    @BeforeAll
    static void listen() {
        key = GATEWAY.get().key();
        // A line for each of so many requests tells little; those of failures stay.
        logger(ACCESS).setLevel(Level.WARN);
    }

    @AfterAll
    static void noLineHasAStackTrace() {
        logger(ACCESS).setLevel(null);
        WRITTEN.close();
        assertThat(WRITTEN.soFar())
                .filteredOn(line -> line.getThrowableProxy() != null
                        && !line.getLoggerName().equals(SLOWNESS))
                .extracting(line -> line.getThrowableProxy().getMessage())
                .isEmpty();
    }

    private static Logger logger(String name) {
        return (Logger) LoggerFactory.getLogger(name);
    }

    private static Request request(String method, String path) {
        return new Request(
                method, path, new java.util.LinkedHashMap<>(Map.of("Authorization", "Bearer " + key)), new byte[0]);
    }

    private static void each(String target, Function<Random, Request> requests) {
        PipelinedHttp.send(
                GATEWAY.get().url(),
                Fuzz.INPUTS,
                input -> requests.apply(Fuzz.random(target, input)),
                (input, request, answer) -> check(Fuzz.name(target, input), request, answer));
    }

    private static void check(String name, Request request, Answer answer) {
        assertThat(answer.status())
                .as("%s: %s answered %s", name, request, answer.body())
                .isBetween(200, 499);
        if (answer.status() >= 400) {
            assertThat(INSIDE)
                    .as("%s: %s tells of the inside: %s", name, request, answer.body())
                    .noneMatch(answer.body()::contains);
            ContractClient.holdAgainstContract(request.method(), request.path(), answer);
        }
    }

    @Test
    void bodiesOfCustomers() {
        each("customer bodies", random -> request("POST", CUSTOMERS).json(HostileJson.body(random, CUSTOMER)));
    }

    @Test
    void bodiesOfSessions() {
        String path = checkoutSessionsOf(GATEWAY.customer());
        each("session bodies", random -> request("POST", path).json(HostileJson.body(random, SESSION)));
    }

    @Test
    void bodiesOfSessionsWithTheirCustomers() {
        JsonObject good = SESSION.copy().put("customer", PAYER).put("stripe_customer_id", "cus_fuzz");
        each("own session bodies", random -> request("POST", "/api/v1/checkout-sessions")
                .json(HostileJson.body(random, good)));
    }

    @Test
    void bodiesOfPortals() {
        String path = "/api/v3/openmeter/customers/" + GATEWAY.customer() + "/billing/stripe/portal-sessions";
        each("portal bodies", random -> request("POST", path).json(HostileJson.body(random, PORTAL)));
    }

    @Test
    void bodiesOfInstalls() {
        each("install bodies", random -> request("POST", AppScene.INSTALL).json(HostileJson.body(random, INSTALL)));
    }

    @Test
    void bodiesOfKeys() {
        each("key bodies", random -> request("POST", "/api/v1/admin/api-keys").json(HostileJson.body(random, KEY)));
    }

    /** Those of all operations that no other target is about, the ones of tomorrow included; of things that are there. */
    @Test
    void bodiesOfAllOtherOperations() {
        String endpoint = GATEWAY.client()
                .post("/api/v1/webhook-endpoints", ENDPOINT)
                .expect(201)
                .json()
                .getString("id");
        Map<String, String> things = Map.of(
                "{appId}", TestGateway.await(GATEWAY.get().gateway().app()).id(),
                "{customerId}", GATEWAY.customer(),
                "{endpointId}", endpoint);
        List<Described> operations = PublishedOperations.all().stream()
                .filter(operation -> operation.body() != null && !OF_THEIR_OWN.contains(operation.id()))
                .toList();
        each("other bodies", random -> {
            Described operation = operations.get(random.nextInt(operations.size()));
            String path =
                    operation.path(up -> Objects.requireNonNull(things.get(up.substring(up.lastIndexOf('{'))), up));
            return request(operation.method(), path).json(HostileJson.body(random, bodyOf(operation)));
        });
        GATEWAY.client()
                .put("/api/v1/apps/" + things.get("{appId}") + "/redirect-hosts", new JsonObject("{\"hosts\": []}"))
                .expect(200);
    }

    private static JsonObject bodyOf(Described operation) {
        JsonObject modest = MODEST.get(operation.id());
        return modest == null ? new JsonObject(Objects.requireNonNull(operation.body())) : modest;
    }

    @Test
    void redirectUrls() {
        String path = checkoutSessionsOf(GATEWAY.customer());
        each("redirect urls", random -> {
            JsonObject body = SESSION.copy();
            String url = "https://shop.example@evil.test/" + Hostile.text(random);
            body.getJsonObject("stripe_options").put("success_url", Hostile.bent(random, url));
            return request("POST", path).json(body.encode().getBytes(StandardCharsets.UTF_8));
        });
    }

    @Test
    void idempotencyKeys() {
        byte[] body = CUSTOMER.copy().put("key", "taken").encode().getBytes(StandardCharsets.UTF_8);
        each("idempotency keys", random -> request("POST", CUSTOMERS)
                .with("Idempotency-Key", Hostile.headerValue(Hostile.bent(random, "order-4711-attempt-1")))
                .json(body));
    }

    @Test
    void idsInPaths() {
        List<String> paths = List.of(
                "/api/v1/checkout-sessions/%s",
                "/api/v3/openmeter/customers/%s",
                "/api/v1/djstripe/checkout-sessions/%s",
                "/api/v1/webhook-endpoints/%s",
                "/api/v1/admin/events/%s",
                "/api/v1/apps/%s/redirect-hosts",
                "/%s",
                "/docs/%s");
        List<String> ids = List.of("01ARZ3NDEKTSV4RRFFQ69G5FAV", "cs_test_a1b2c3d4", "4711", "evt_1", "../docs");
        each("path ids", random -> {
            String id = Hostile.segment(random, Hostile.bent(random, ids.get(random.nextInt(ids.size()))));
            return request("GET", paths.get(random.nextInt(paths.size())).formatted(id));
        });
    }

    @Test
    void queries() {
        List<String> names = List.of(
                "page[size]",
                "page[after]",
                "page[before]",
                "sort",
                "filter[status]",
                "filter[created_at][gte]",
                "filter[customer_id][in]",
                "filter[metadata][order]");
        List<String> values = List.of("2026-11-22T12:00:00Z", "open,complete");
        each("queries", random -> request("GET", "/api/v1/checkout-sessions" + query(random, names, values)));
    }

    @Test
    void queriesOfCustomers() {
        List<String> names = List.of(
                "page[size]",
                "page[number]",
                "sort",
                "filter[key]",
                "filter[name][contains]",
                "filter[primary_email][exists]",
                "filter[usage_attribution_subject_key][oeq]",
                "filter[billing_profile_id][neq]");
        List<String> values = List.of("acme,acme-1", "name desc", "7", "true", "01ARZ3NDEKTSV4RRFFQ69G5FAV");
        each("customer queries", random -> request("GET", CUSTOMERS + query(random, names, values)));
    }

    private static String query(Random random, List<String> names, List<String> values) {
        StringBuilder query = new StringBuilder("?");
        for (int parameters = random.nextInt(4); parameters >= 0; parameters--) {
            String name = names.get(random.nextInt(names.size()));
            String value = values.get(random.nextInt(values.size()));
            query.append(Hostile.segment(random, random.nextInt(3) == 0 ? Hostile.bent(random, name) : name))
                    .append('=')
                    .append(Hostile.segment(
                            random, random.nextBoolean() ? Hostile.text(random) : Hostile.bent(random, value)))
                    .append('&');
        }
        return query.toString();
    }

    @Test
    void tagsOfIfMatch() {
        String path = "/api/v1/apps/"
                + TestGateway.await(GATEWAY.get().gateway().app()).id() + "/redirect-hosts";
        byte[] body = "{\"hosts\": []}".getBytes(StandardCharsets.UTF_8);
        each("if-match", random -> request("PUT", path)
                .with("If-Match", Hostile.headerValue(Hostile.bent(random, "\"0\", W/\"1\"")))
                .json(body));
    }

    /** Of a session that is not there, so that no stream begins. */
    @Test
    void lastEventIds() {
        String path = "/api/v1/checkout-sessions/01ARZ3NDEKTSV4RRFFQ69G5FAV/events";
        each("last-event-id", random -> request("GET", path)
                .with("Last-Event-ID", Hostile.headerValue(Hostile.bent(random, "9223372036854775807-last"))));
    }

    @Test
    void credentials() {
        each("credentials", random -> request("GET", "/api/v1/checkout-sessions")
                .with(
                        "Authorization",
                        Hostile.headerValue(Hostile.bent(random, "Bearer cgk_0123456789abcdef_" + "a".repeat(40)))));
    }

    @Test
    void signaturesOfWebhooks() {
        String path = GATEWAY.get().webhookUrl().getPath();
        String event = "{\"id\": \"evt_fuzz\"}";
        each("signatures", random -> request("POST", path)
                .with("Stripe-Signature", Hostile.headerValue(Hostile.bent(random, "t=1,v1=" + "0".repeat(64))))
                .json(event.getBytes(StandardCharsets.UTF_8)));
    }

    /** Signed, so that the inbox reads them: what is no event is refused, what is one is stored whatever it holds. */
    @Test
    void signedEvents() {
        String path = GATEWAY.get().webhookUrl().getPath();
        JsonObject good = SignedEvent.event(
                "fuzz.event", new JsonObject().put("id", "cs_test_fuzz").put("object", "fuzz"));
        each("signed events", random -> {
            byte[] body = HostileJson.body(random, good.copy().put("id", "evt_" + random.nextInt(Integer.MAX_VALUE)));
            String text = new String(body, StandardCharsets.UTF_8);
            return request("POST", path)
                    .with("Stripe-Signature", SignedEvent.of(text).signature())
                    .json(text.getBytes(StandardCharsets.UTF_8));
        });
    }

    @Test
    void mediaTypes() {
        each("media types", random -> request("POST", CUSTOMERS)
                .json("{}".getBytes(StandardCharsets.UTF_8))
                .with("Content-Type", Hostile.headerValue(Hostile.bent(random, "application/json; charset=utf-8"))));
    }

    @Test
    void requestIds() {
        each("request ids", random -> request("GET", "/api/v1/nothing")
                .with(
                        "X-Request-Id",
                        Hostile.headerValue(Hostile.bent(random, "req-1234").toLowerCase(Locale.ROOT))));
    }
}
