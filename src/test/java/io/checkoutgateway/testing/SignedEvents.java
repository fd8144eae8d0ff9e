package io.checkoutgateway.testing;

import static org.assertj.core.api.Assertions.assertThat;

import com.stripe.net.Webhook;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpRequest;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;

/** Delivers events of the test's own making, signed as Stripe signs them. */
public final class SignedEvents {
    private static final AtomicInteger COUNT = new AtomicInteger();

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
            String signature = Webhook.Signature.generateSignatureHeader(body, TestGateway.SIGNING_SECRET);
            return PlainHttp.send(HttpRequest.newBuilder(gateway.webhookUrl())
                            .header("Content-Type", "application/json")
                            .header("Stripe-Signature", signature)
                            .POST(HttpRequest.BodyPublishers.ofString(body)))
                    .statusCode();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
