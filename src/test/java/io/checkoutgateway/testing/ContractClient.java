package io.checkoutgateway.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.Json;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Speaks HTTP with the gateway and holds every answer, good or bad, against the published contract. */
public final class ContractClient {
    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private static final PublishedAnswers CONTRACT = new PublishedAnswers();

    private final URI base;
    private final Map<String, String> headers;

    public ContractClient(URI base, String apiKey) {
        this(base, Map.of("Authorization", "Bearer " + apiKey));
    }

    private ContractClient(URI base, Map<String, String> headers) {
        this.base = base;
        this.headers = headers;
    }

    /** The same client without its key. */
    public ContractClient anonymous() {
        return new ContractClient(base, Map.of());
    }

    /** The same client with one more header, or another value of one. */
    public ContractClient with(String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(name, value);
        return new ContractClient(base, more);
    }

    /** An answer that keeps the contract. */
    public record Answer(int status, Map<String, String> headers, String body) {
        /** The body as an object. */
        public JsonObject json() {
            return new JsonObject(body);
        }

        /** Asserts the status, showing the body when it is another. */
        public Answer expect(int expected) {
            assertThat(status).as("status of %s", body).isEqualTo(expected);
            return this;
        }

        public String header(String name) {
            return headers.getOrDefault(name.toLowerCase(Locale.ROOT), "");
        }
    }

    public Answer get(String path) {
        return send("GET", path, BodyPublishers.noBody(), null);
    }

    public Answer post(String path, JsonObject body) {
        return post(path, body.encode());
    }

    /** Sends any text as JSON. */
    public Answer post(String path, String body) {
        return send("POST", path, BodyPublishers.ofString(body), "application/json");
    }

    public Answer put(String path, JsonObject body) {
        return send("PUT", path, BodyPublishers.ofString(body.encode()), "application/json");
    }

    /** Sends no body at all. */
    public Answer post(String path) {
        return send("POST", path, BodyPublishers.noBody(), null);
    }

    /** Sends anything anywhere; {@code contentType} may be {@code null}. */
    public Answer send(String method, String path, HttpRequest.BodyPublisher body, @Nullable String contentType) {
        try {
            return checked(method, path, HTTP.send(request(method, path, body, contentType), BodyHandlers.ofString()));
        } catch (IOException e) {
            throw new IllegalStateException(method + " " + path, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Begins to read a stream of events. */
    public EventReader watch(String path) {
        try {
            HttpResponse<InputStream> response =
                    HTTP.send(request("GET", path, BodyPublishers.noBody(), null), BodyHandlers.ofInputStream());
            if (response.statusCode() != 200) {
                String body = new String(response.body().readAllBytes(), StandardCharsets.UTF_8);
                throw new IllegalStateException(path + " answered " + response.statusCode() + ": " + body);
            }
            Answer head = new Answer(200, headersOf(response), "");
            CONTRACT.check("GET", path, head);
            return new EventReader(head, response.body(), CONTRACT);
        } catch (IOException e) {
            throw new IllegalStateException("GET " + path, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Posts without waiting, for requests that meet each other. */
    public CompletableFuture<Answer> postAsync(String path, JsonObject body) {
        return HTTP.sendAsync(
                        request("POST", path, BodyPublishers.ofString(body.encode()), "application/json"),
                        BodyHandlers.ofString())
                .thenApply(response -> checked("POST", path, response));
    }

    private HttpRequest request(
            String method, String path, HttpRequest.BodyPublisher body, @Nullable String contentType) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base + path))
                .timeout(Patience.LIMIT)
                .method(method, body);
        headers.forEach(request::setHeader);
        if (contentType != null) {
            request.setHeader("Content-Type", contentType);
        }
        return request.build();
    }

    private static Map<String, String> headersOf(HttpResponse<?> response) {
        Map<String, String> headers = new LinkedHashMap<>();
        response.headers().map().forEach((name, values) -> headers.put(name, String.join(", ", values)));
        return headers;
    }

    /** Asserts that an answer, however it was received, is one that the contract promises for this request. */
    public static void holdAgainstContract(String method, String path, Answer answer) {
        CONTRACT.check(method, path, answer);
    }

    private static Answer checked(String method, String path, HttpResponse<String> response) {
        Answer answer = new Answer(response.statusCode(), headersOf(response), response.body());
        assertThat(answer.header("X-Request-Id")).as("X-Request-Id").isNotEmpty();
        CONTRACT.check(method, path, answer);
        return answer;
    }

    /** The path on which sessions of this customer are opened. */
    public static String checkoutSessionsOf(String customerId) {
        return "/api/v3/openmeter/customers/" + customerId + "/billing/stripe/checkout-sessions";
    }

    /** The smallest body that opens a hosted session. */
    public static JsonObject hosted() {
        return new JsonObject().put("stripe_options", new JsonObject().put("success_url", "https://shop.example/done"));
    }

    /** A value of any JSON type, for bodies that are wrong. */
    public static Object json(String text) {
        return Json.decodeValue(text);
    }
}
