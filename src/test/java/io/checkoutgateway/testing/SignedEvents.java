package io.checkoutgateway.testing;

import static org.assertj.core.api.Assertions.assertThat;

import com.stripe.net.Webhook;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;

/** Delivers events of the test's own making, signed as Stripe signs them. */
public final class SignedEvents {
    private static final AtomicInteger COUNT = new AtomicInteger();

    private final HttpClient http = HttpClient.newHttpClient();
    private final TestGateway gateway;

    public SignedEvents(TestGateway gateway) {
        this.gateway = gateway;
    }

    /** Delivers a new event about this object; answers its id once the gateway has acknowledged it. */
    public String deliver(String type, JsonObject object) {
        String id = "evt_test" + COUNT.incrementAndGet();
        JsonObject event = new JsonObject()
                .put("id", id)
                .put("object", "event")
                .put("api_version", "2026-07-29.dahlia")
                .put("created", Instant.now().getEpochSecond())
                .put("livemode", false)
                .put("type", type)
                .put("data", new JsonObject().put("object", object));
        assertThat(post(event.encode())).isEqualTo(200);
        return id;
    }

    /** Delivers these bytes with a good signature; answers the status. */
    public int post(String body) {
        try {
            HttpRequest request = HttpRequest.newBuilder(gateway.webhookUrl())
                    .header("Content-Type", "application/json")
                    .header(
                            "Stripe-Signature",
                            Webhook.Signature.generateSignatureHeader(body, TestGateway.SIGNING_SECRET))
                    .POST(HttpRequest.BodyPublishers.ofString(body))
                    .build();
            return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
