package io.checkoutgateway.followup;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * The payment method that a customer's link holds as the default.
 *
 * @param linkId our ULID of the tie between a customer and its counterpart at Stripe
 * @param paymentMethodId {@code pm_…}; {@code null} when the one before was detached or cleared
 * @param asOf when it was chosen, by Stripe's clock
 * @param told what Stripe is known to hold: told, found there, or heard; {@code null} for none
 * @param asked what Stripe was asked to hold last, whether or not anybody lived to hear the answer; {@code null} for none
 */
public record DefaultChoice(
        String linkId,
        String stripeCustomerId,
        @Nullable String paymentMethodId,
        Instant asOf,
        @Nullable String told,
        @Nullable String asked) {
    private static final int DIGEST_BYTES = 16;

    /**
     * The same for the same attempt at the same choice. Another attempt has another key, since Stripe repeats a 500 for
     * as long as a key lives.
     */
    String idempotencyKey(String attempt) {
        byte[] choice = (paymentMethodId + "@" + asOf).getBytes(StandardCharsets.UTF_8);
        String digest = HexFormat.of().formatHex(sha256(choice), 0, DIGEST_BYTES);
        return FollowUp.DEFAULT_KEY_PREFIX + linkId + "-" + digest + "-" + attempt;
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
