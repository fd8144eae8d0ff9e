package io.checkoutgateway.testing;

import io.checkoutgateway.sandbox.StripeSandbox;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** An account at the sandbox that nobody else uses, and its keys: each carries the account, as real ones do. */
public final class SandboxAccount {
    private static final HttpClient HTTP = HttpClient.newHttpClient();
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
        URI list = URI.create(sandbox.baseUri() + "/v1/webhook_endpoints?limit=100");
        HttpRequest request = HttpRequest.newBuilder(list)
                .header("Authorization", "Bearer " + key("look"))
                .build();
        try {
            String answer = HTTP.send(request, BodyHandlers.ofString()).body();
            return new JsonObject(answer)
                    .getJsonArray("data").stream().map(JsonObject.class::cast).toList();
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
