package io.checkoutgateway.testing;

import io.checkoutgateway.sandbox.StripeSandbox;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** An account at the sandbox that nobody else uses, and its keys: each carries the account, as real ones do. */
public final class SandboxAccount {
    private static final String ENDPOINTS = "/v1/webhook_endpoints";
    private static final AtomicInteger COUNT = new AtomicInteger();

    private final StripeSandbox sandbox;
    private final String body = "%014d".formatted(COUNT.incrementAndGet());

    public SandboxAccount(StripeSandbox sandbox) {
        this.sandbox = sandbox;
    }

    public String id() {
        return "acct_1" + body;
    }

    /** One of the account's keys; the others end differently. */
    public String key(String end) {
        return "sk_test_51" + body + "SecretOfThisTest" + end;
    }

    /** The webhook endpoints that are at the sandbox now. */
    public List<JsonObject> endpoints() {
        return send("GET", ENDPOINTS + "?limit=100", "").getJsonArray("data").stream()
                .map(JsonObject.class::cast)
                .toList();
    }

    /** Makes an endpoint, as somebody does at Stripe's pages; answers it with its secret. */
    public JsonObject addEndpoint(String form) {
        return send("POST", ENDPOINTS, form);
    }

    /** Changes an endpoint, as somebody does at Stripe's pages. */
    public void changeEndpoint(String id, String form) {
        send("POST", ENDPOINTS + "/" + id, form);
    }

    /** Deletes an endpoint, as somebody does at Stripe's pages. */
    public void deleteEndpoint(String id) {
        send("DELETE", ENDPOINTS + "/" + id, "");
    }

    private JsonObject send(String method, String path, String form) {
        HttpResponse<String> answer = PlainHttp.send(HttpRequest.newBuilder(URI.create(sandbox.baseUri() + path))
                .header("Authorization", "Bearer " + key("look"))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .method(method, BodyPublishers.ofString(form)));
        if (answer.statusCode() != 200) {
            throw new AssertionError(answer.body());
        }
        return new JsonObject(answer.body());
    }
}
