package io.checkoutgateway.sandbox.events;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** The {@code Stripe-Signature} header ("Verify webhook signatures manually" in Stripe's guide). */
final class Signature {
    private static final String ALGORITHM = "HmacSHA256";

    private Signature() {}

    /**
     * Signs a body with every live secret; while a secret is rolled there are two.
     *
     * @param seconds the time of this attempt
     */
    static String header(long seconds, String body, List<String> secrets) {
        String signed = seconds + "." + body;
        String signatures =
                secrets.stream().map(secret -> ",v1=" + hmac(secret, signed)).collect(Collectors.joining());
        // Test mode adds a v0 that verifies with nothing, so that receivers learn to ignore other schemes.
        return "t=" + seconds + signatures + ",v0=" + hmac("v0", signed);
    }

    private static String hmac(String secret, String text) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), ALGORITHM));
            return HexFormat.of().formatHex(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException("every JDK has " + ALGORITHM, missing);
        }
    }
}
