package io.checkoutgateway.sandbox;

import com.stripe.StripeClient;
import com.stripe.exception.StripeException;
import com.stripe.model.Customer;
import com.stripe.model.checkout.Session;
import com.stripe.param.CustomerCreateParams;
import com.stripe.param.checkout.SessionCreateParams;
import io.checkoutgateway.testing.Patience;
import io.checkoutgateway.testing.PlainHttp;
import io.checkoutgateway.testing.TestSandbox;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A sandbox on a free port and the clients that talk to it. As an extension it is one for each test, or, of a static
 * field, one for all tests of a class.
 */
final class SandboxFixture implements AutoCloseable, BeforeAllCallback, AfterEachCallback, AfterAllCallback {
    static final String KEY = "sk_test_sandbox";

    final Vertx vertx = Vertx.vertx();
    final StripeSandbox sandbox;
    final StripeClient stripe;
    private boolean shared;

    SandboxFixture() {
        this(SandboxOptions.defaults().withSeed(7));
    }

    SandboxFixture(SandboxOptions options) {
        sandbox = TestSandbox.start(vertx, options);
        stripe = client(KEY);
    }

    StripeClient client(String key) {
        return StripeClient.builder()
                .setApiKey(key)
                .setApiBase(sandbox.baseUri().toString())
                .build();
    }

    Customer customer() throws StripeException {
        return stripe.v1()
                .customers()
                .create(CustomerCreateParams.builder()
                        .setEmail("jenny@example.com")
                        .setName("Jenny Rosen")
                        .putMetadata("tenant", "acme")
                        .build());
    }

    Session session(SessionCreateParams params) throws StripeException {
        return stripe.v1().checkout().sessions().create(params);
    }

    /** The smallest session in setup mode. */
    static SessionCreateParams.Builder setup() {
        return SessionCreateParams.builder()
                .setMode(SessionCreateParams.Mode.SETUP)
                .addPaymentMethodType(SessionCreateParams.PaymentMethodType.CARD)
                .setSuccessUrl("https://shop.example/done?session={CHECKOUT_SESSION_ID}");
    }

    HttpResponse<String> get(String path) {
        return send(request(path).header("Authorization", "Bearer " + KEY).GET());
    }

    HttpResponse<String> post(String path, String form, String... headers) {
        HttpRequest.Builder request = request(path)
                .header("Authorization", "Bearer " + KEY)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString(form));
        return send(headers.length == 0 ? request : request.headers(headers));
    }

    /** Sends a form of a page, as a browser without scripts does. */
    HttpResponse<String> submit(String page, Map<String, String> fields) {
        String form = fields.entrySet().stream()
                .map(field -> field.getKey() + "=" + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
        return send(request(page)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString(form)));
    }

    /** What a customer types for a card. */
    static Map<String, String> card(String number) {
        return Map.of(
                "email", "jenny@example.com",
                "name", "Jenny Rosen",
                "card_number", number,
                "card_expiry", "12 / 99",
                "card_cvc", "123");
    }

    JsonObject control(String method, String path, JsonObject body) {
        return new JsonObject(send(request("/_sandbox" + path).method(method, BodyPublishers.ofString(body.encode())))
                .body());
    }

    /** What a customer chooses who lets the bank draw the amount. */
    static Map<String, String> debit() {
        return Map.of("email", "jenny@example.com", "name", "Jenny Rosen", "method", "sepa_debit");
    }

    /** The bank decides about a delayed payment. */
    JsonObject settle(String sessionId, boolean paid) {
        return control("POST", "/sessions/" + sessionId + "/settle", new JsonObject().put("paid", paid));
    }

    Session retrieve(Session session) throws StripeException {
        return stripe.v1().checkout().sessions().retrieve(session.getId());
    }

    /** The types of all events, in the order in which they happened. */
    List<String> eventTypes() {
        List<String> types =
                new ArrayList<>(new JsonObject(get("/v1/events?limit=100").body())
                        .getJsonArray("data").stream()
                                .map(event -> ((JsonObject) event).getString("type"))
                                .toList());
        Collections.reverse(types);
        return types;
    }

    HttpRequest.Builder request(String pathOrUrl) {
        String plain = pathOrUrl.replaceFirst("#.*", "");
        return HttpRequest.newBuilder(
                plain.startsWith("http") ? URI.create(plain) : URI.create(sandbox.baseUri() + plain));
    }

    HttpResponse<String> send(HttpRequest.Builder request) {
        return PlainHttp.send(request);
    }

    static JsonObject error(HttpResponse<String> response) {
        return new JsonObject(response.body()).getJsonObject("error");
    }

    static <T> T await(Future<T> future) {
        try {
            return future.toCompletionStage()
                    .toCompletableFuture()
                    .get(Patience.LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (java.util.concurrent.ExecutionException failure) {
            throw new IllegalStateException(failure.getCause().getMessage(), failure.getCause());
        } catch (InterruptedException | java.util.concurrent.TimeoutException failure) {
            throw new IllegalStateException(failure);
        }
    }

    /** Heard by that of a static field only. */
    @Override
    public void beforeAll(ExtensionContext tests) {
        shared = true;
    }

    @Override
    public void afterEach(ExtensionContext test) {
        if (!shared) {
            close();
        }
    }

    @Override
    public void afterAll(ExtensionContext tests) {
        close();
    }

    @Override
    public void close() {
        await(sandbox.close());
        await(vertx.close());
    }
}
