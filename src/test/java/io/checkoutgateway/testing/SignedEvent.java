package io.checkoutgateway.testing;

import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.concurrent.atomic.AtomicInteger;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** A delivery as Stripe signs it. (Stripe, "Verify webhook signatures manually".) */
public record SignedEvent(String signature, String body) {
    private static final AtomicInteger COUNT = new AtomicInteger();

    /** Signs a body with the test gateway's secret. */
    public static SignedEvent of(String body) {
        return of(body, TestGateway.SIGNING_SECRET, Instant.now());
    }

    public static SignedEvent of(String body, String secret, Instant at) {
        long seconds = at.getEpochSecond();
        return new SignedEvent("t=" + seconds + ",v1=" + sign(seconds + "." + body, secret), body);
    }

    /** An event of this type with an id of its own. */
    public static JsonObject event(String type, JsonObject object) {
        return new JsonObject()
                .put("id", "evt_test_" + COUNT.incrementAndGet())
                .put("object", "event")
                .put("api_version", "2026-07-29.dahlia")
                .put("created", Instant.now().getEpochSecond())
                .put("livemode", false)
                .put("type", type)
                .put("data", new JsonObject().put("object", object));
    }

    static String sign(String payload, String secret) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            return HexFormat.of().formatHex(mac.doFinal(payload.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
