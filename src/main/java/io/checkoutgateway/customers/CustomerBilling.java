package io.checkoutgateway.customers;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * How a customer is billed.
 *
 * @param profileId the billing profile that it is bound to; {@code null}: the namespace's default one
 * @param counterpart at Stripe, in the profile's app; {@code null} while there is none
 */
public record CustomerBilling(@Nullable String profileId, @Nullable Counterpart counterpart) {
    /** An entity tag has eighteen digits at most. */
    private static final long VERSIONS = 1_000_000_000_000_000_000L;

    /**
     * A customer's counterpart at Stripe.
     *
     * @param stripeCustomerId {@code cus_…}
     * @param defaultPaymentMethodId {@code pm_…}; {@code null}: none is known
     * @param labels of the link between the two
     */
    public record Counterpart(
            String stripeCustomerId, @Nullable String defaultPaymentMethodId, Map<String, String> labels) {
        public Counterpart {
            labels = Map.copyOf(labels);
        }
    }

    /**
     * A number for this state, the same for the same state. It follows from the content because requests, events and
     * follow-ups all change it, each in a row of its own.
     */
    public long version() {
        return Math.floorMod(ByteBuffer.wrap(sha256(toString(counterpart))).getLong(), VERSIONS);
    }

    /** One text for one state: no id or label holds a line's end, and labels stand in their order. */
    private String toString(@Nullable Counterpart at) {
        return at == null
                ? profileId + "\n"
                : String.join(
                        "\n",
                        String.valueOf(profileId),
                        at.stripeCustomerId(),
                        String.valueOf(at.defaultPaymentMethodId()),
                        new TreeMap<>(at.labels()).toString());
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
