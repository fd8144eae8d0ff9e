package io.checkoutgateway.dropin;

import static io.checkoutgateway.testing.AppScene.sandboxRequest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.stripe.StripeClient;
import com.stripe.exception.StripeException;
import com.stripe.param.billingportal.ConfigurationCreateParams;
import io.checkoutgateway.access.Scope;
import io.checkoutgateway.dropin.Bodies.Place;
import io.checkoutgateway.testing.AppScene;
import io.checkoutgateway.testing.ContractClient;
import io.checkoutgateway.testing.ContractClient.Answer;
import io.checkoutgateway.testing.SandboxAccount;
import io.checkoutgateway.testing.StripeSide;
import io.checkoutgateway.testing.TestGateway;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The running gateway and what there is in it: customers, apps of both kinds, a counterpart at Stripe with a payment
 * method. Knows which of it a request means.
 */
final class Stage implements AutoCloseable {
    private static final Duration UNTIL_EXPIRY = Duration.ofHours(2);
    private static final String URL = "https://shop.example/back";

    private final AtomicInteger count = new AtomicInteger();
    private final TestGateway gateway;
    private final AppScene scene;
    private final JsonObject stripeApp;
    private final JsonObject sandboxApp;
    private final String payer;
    private final String edited;
    private final String linked;
    private final String counterpart;
    private final String paymentMethod;
    private final String configuration;

    Stage() throws StripeException {
        gateway = TestGateway.startWithoutApps(Map.of());
        scene = AppScene.in(gateway);
        stripeApp = scene.install();
        sandboxApp = scene.install(sandboxRequest());
        payer = gateway.customer(scene.namespace());
        edited = gateway.customer(scene.namespace());
        linked = gateway.customer(scene.namespace());
        StripeClient client = StripeClient.builder()
                .setApiKey(scene.account().key("one"))
                .setApiBase(gateway.sandbox().baseUri().toString())
                .build();
        StripeSide stripe = new StripeSide(gateway.sandbox(), client);
        counterpart = stripe.customer();
        paymentMethod = stripe.paymentMethodOf(counterpart);
        configuration = configuration(client);
    }

    private static String configuration(StripeClient stripe) throws StripeException {
        ConfigurationCreateParams.Features.InvoiceHistory history =
                ConfigurationCreateParams.Features.InvoiceHistory.builder()
                        .setEnabled(true)
                        .build();
        return stripe.v1()
                .billingPortal()
                .configurations()
                .create(ConfigurationCreateParams.builder()
                        .setFeatures(ConfigurationCreateParams.Features.builder()
                                .setInvoiceHistory(history)
                                .build())
                        .build())
                .getId();
    }

    /** Who asks, and for what. */
    record Target(ContractClient client, String path) {}

    /** What a request meets: what it removes or installs is its own. */
    Target target(Request request) {
        return switch (request.operation().id()) {
            case "install-app" -> {
                AppScene own = AppScene.in(gateway);
                yield new Target(own.client(), filled(request, "", ""));
            }
            case "uninstall-app" -> {
                AppScene own = AppScene.in(gateway);
                yield new Target(own.client(), filled(request, "", own.install().getString("id")));
            }
            case "delete-customer" ->
                new Target(scene.client(), filled(request, gateway.customer(scene.namespace()), ""));
            default -> new Target(scene.client(), filled(request, customerFor(request), appFor(request)));
        };
    }

    private String customerFor(Request request) {
        String id = request.operation().id();
        if (id.equals("upsert-customer")) {
            return edited;
        }
        return request.operation().path().endsWith("-sessions")
                        || !request.operation().path().contains("/billing")
                ? payer
                : linked;
    }

    private String appFor(Request request) {
        JsonNode body = request.body();
        boolean sandbox = body != null && body.path("type").asText().equals("sandbox");
        return (sandbox ? sandboxApp : stripeApp).getString("id");
    }

    /** The path with these ids in it. */
    static String filled(Request request, String customer, String app) {
        String path = "/api/v3" + request.operation().path();
        for (Map.Entry<String, String> word : request.words().entrySet()) {
            path = path.replace("{" + word.getKey() + "}", word.getValue());
        }
        return path.replace("{customerId}", customer).replace("{appId}", app) + request.query();
    }

    /** Sends it as the target's caller. */
    Answer send(Request request) {
        Target target = target(request);
        return send(target.client(), request, target.path());
    }

    static Answer send(ContractClient client, Request request, String path) {
        JsonNode body = request.body();
        return body == null
                ? client.send(request.operation().method(), path, BodyPublishers.noBody(), null)
                : client.send(
                        request.operation().method(),
                        path,
                        BodyPublishers.ofString(body.toString()),
                        "application/json");
    }

    /** Sends any text as the body of this request. */
    Answer sendText(Request request, String body) {
        Target target = target(request);
        return target.client()
                .send(request.operation().method(), target.path(), BodyPublishers.ofString(body), "application/json");
    }

    /** A client of the stage's namespace. */
    ContractClient client() {
        return scene.client();
    }

    /** A client of the stage's namespace that may do nothing in the billing family. */
    ContractClient stranger() {
        return new ContractClient(gateway.url(), gateway.key(scene.namespace(), Scope.EVENTS_READ));
    }

    /** The id of a customer that was deleted. */
    String deletedCustomer() {
        String customer = gateway.customer(scene.namespace());
        scene.client()
                .send("DELETE", "/api/v3/openmeter/customers/" + customer, BodyPublishers.noBody(), null)
                .expect(204);
        return customer;
    }

    /** The least that makes a request useful; each is laid under what the schema asks for. */
    List<JsonNode> bases(Described operation) {
        JsonObject counterpartOnly = new JsonObject().put("customer_id", counterpart);
        List<JsonObject> bases =
                switch (operation.id()) {
                    case "create-customer-stripe-checkout-session" ->
                        List.of(
                                options(new JsonObject().put("success_url", URL)),
                                options(new JsonObject()
                                        .put("ui_mode", "embedded")
                                        .put("return_url", URL)),
                                options(new JsonObject()
                                        .put("ui_mode", "embedded")
                                        .put("redirect_on_completion", "never")),
                                options(new JsonObject()
                                        .put("success_url", URL)
                                        .put("customer_update", new JsonObject().put("name", "auto"))));
                    case "update-customer-billing" ->
                        List.of(
                                new JsonObject(),
                                new JsonObject().put("app_data", new JsonObject().put("stripe", counterpartOnly)));
                    case "update-customer-billing-app-data" -> List.of(new JsonObject().put("stripe", counterpartOnly));
                    default -> List.of(new JsonObject());
                };
        return bases.stream().map(base -> OwnContract.json(base.encode())).toList();
    }

    private static JsonObject options(JsonObject options) {
        return new JsonObject().put("stripe_options", options);
    }

    /** What a caller who knows what he does puts at a place; empty where any text will do. */
    Optional<JsonNode> word(Place place) {
        String path = place.path();
        String name = path.substring(path.lastIndexOf('.') + 1);
        if (name.endsWith("_url")) {
            return text(URL + "?n=" + count.incrementAndGet());
        }
        return switch (name) {
            case "expires_at" ->
                Optional.of(JsonNodeFactory.instance.numberNode(
                        Instant.now().plus(UNTIL_EXPIRY).getEpochSecond()));
            case "key", "subject_keys[]" -> text("key-" + count.incrementAndGet());
            case "primary_email" -> text("ada@example.com");
            case "currency" -> text("EUR");
            case "country" -> text("DE");
            case "locale" -> text("de");
            case "payment_method_types[]" -> text("card");
            case "customer_id" -> text(counterpart);
            case "default_payment_method_id" -> text(paymentMethod);
            case "id" -> text(stripeApp.getString("id"));
            case "api_key" -> text(new SandboxAccount(gateway.sandbox()).key("one"));
            case "secret_api_key" -> text(scene.account().key("two"));
            case "configuration_id" -> text(configuration);
            default -> Optional.empty();
        };
    }

    private static Optional<JsonNode> text(String text) {
        return Optional.of(JsonNodeFactory.instance.textNode(text));
    }

    @Override
    public void close() {
        gateway.close();
    }
}
