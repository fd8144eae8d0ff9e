package io.checkoutgateway.stripe;

import io.checkoutgateway.events.SignatureCheck;
import io.checkoutgateway.events.SignatureRefusedException;
import io.checkoutgateway.events.SignatureRefusedException.Flaw;
import io.checkoutgateway.settings.Secret;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Checks {@code Stripe-Signature: t=…,v1=…} over the raw bytes. The library's own check knows one secret, takes time
 * stamps from the future, and throws what it likes on a malformed header. (Stripe, "Verify webhook signatures
 * manually".)
 */
public final class WebhookSignature implements SignatureCheck {
    private static final String ALGORITHM = "HmacSHA256";
    private static final String TIMESTAMP = "t";
    private static final String SCHEME = "v1";

    /** A signature for each of two secrets and test mode's v0 make five elements; more is noise. */
    private static final int ELEMENTS_MAX = 20;

    private static final int SECONDS_DIGITS_MAX = 12;

    /** Secrets of the endpoints that are busy; where there are more, the others are keyed each time. */
    private static final int KEYED_MAX = 1_000;

    /** Keying again is cheap. What is not asked for any more was retired, or its app is gone. */
    static final Duration KEPT_UNUSED = Duration.ofMinutes(5);

    private final Duration tolerance;
    private final Clock clock;
    private final ConcurrentMap<Secret, Keyed> keyed = new ConcurrentHashMap<>();

    /** @param tolerance how far the time stamp may be from now, in both directions */
    public WebhookSignature(Duration tolerance, Clock clock) {
        this.tolerance = tolerance;
        this.clock = clock;
    }

    /** A function that has taken its key in, and when it was last asked for. */
    private static final class Keyed {
        private final Mac mac;
        private volatile Instant usedAt;

        Keyed(Mac mac, Instant usedAt) {
            this.mac = mac;
            this.usedAt = usedAt;
        }

        Mac copy(Instant now) throws CloneNotSupportedException {
            usedAt = now;
            return (Mac) mac.clone();
        }
    }

    private record Header(long timestamp, List<byte[]> signatures) {}

    @Override
    public void check(@Nullable String header, Buffer body, List<Secret> secrets) {
        if (header == null) {
            throw new SignatureRefusedException(Flaw.MISSING, "The Stripe-Signature header is missing");
        }
        Header parsed = parse(header);
        boolean matches = false;
        for (Secret secret : secrets) {
            byte[] expected = sign(parsed.timestamp(), body, secret);
            for (byte[] signature : parsed.signatures()) {
                matches |= MessageDigest.isEqual(expected, signature);
            }
        }
        if (!matches) {
            throw new SignatureRefusedException(
                    Flaw.NO_MATCH,
                    "No signature in the Stripe-Signature header matches a live signing secret of this endpoint");
        }
        checkTimestamp(parsed.timestamp());
    }

    /** After the signature: only Stripe learns how far our clocks are apart. */
    private void checkTimestamp(long timestamp) {
        Duration age = Duration.between(Instant.ofEpochSecond(timestamp), clock.instant());
        if (age.compareTo(tolerance) > 0) {
            throw new SignatureRefusedException(
                    Flaw.TOO_OLD, "The signature is older than %d seconds".formatted(tolerance.toSeconds()));
        }
        if (age.negated().compareTo(tolerance) > 0) {
            throw new SignatureRefusedException(
                    Flaw.FROM_THE_FUTURE,
                    "The signature is from the future by more than %d seconds".formatted(tolerance.toSeconds()));
        }
    }

    private static Header parse(String header) {
        String[] elements = header.split(",", -1);
        if (elements.length > ELEMENTS_MAX) {
            throw malformed("The Stripe-Signature header has too many elements");
        }
        long timestamp = -1;
        List<byte[]> signatures = new ArrayList<>();
        for (String element : elements) {
            int equals = element.indexOf('=');
            String name = equals < 0 ? "" : element.substring(0, equals).strip();
            String value = equals < 0 ? "" : element.substring(equals + 1).strip();
            if (name.equals(TIMESTAMP)) {
                timestamp = seconds(value);
            } else if (name.equals(SCHEME)) {
                signatures.add(hex(value));
            }
        }
        if (timestamp < 0 || signatures.isEmpty()) {
            throw malformed("The Stripe-Signature header needs t=<seconds> and v1=<hexadecimal HMAC-SHA256>");
        }
        return new Header(timestamp, signatures);
    }

    private static long seconds(String value) {
        boolean digits = !value.isEmpty()
                && value.length() <= SECONDS_DIGITS_MAX
                && value.chars().allMatch(c -> c >= '0' && c <= '9');
        return digits ? Long.parseLong(value) : -1;
    }

    private static byte[] hex(String value) {
        try {
            return HexFormat.of().parseHex(value);
        } catch (IllegalArgumentException e) {
            return new byte[0];
        }
    }

    private byte[] sign(long timestamp, Buffer body, Secret secret) {
        Mac mac = keyed(secret);
        mac.update((timestamp + ".").getBytes(StandardCharsets.US_ASCII));
        return mac.doFinal(body.getBytes());
    }

    /** A copy of one that has taken the key in before, which is most of the work for a small body. */
    private Mac keyed(Secret secret) {
        try {
            Keyed kept = keyed.get(secret);
            if (kept != null) {
                return kept.copy(clock.instant());
            }
            Mac mac = Mac.getInstance(ALGORITHM);
            // The key is the whole secret as text, its prefix included.
            mac.init(new SecretKeySpec(secret.reveal().getBytes(StandardCharsets.UTF_8), ALGORITHM));
            if (keyed.size() < KEYED_MAX) {
                keyed.put(secret, new Keyed((Mac) mac.clone(), clock.instant()));
            }
            return mac;
        } catch (GeneralSecurityException | CloneNotSupportedException e) {
            throw new IllegalStateException("every Java platform has HMAC-SHA256, and copies of it", e);
        }
    }

    /** Forgets secrets that no delivery was checked with for a while, so that retired ones do not stay in memory. */
    public void forgetUnused() {
        Instant since = clock.instant().minus(KEPT_UNUSED);
        keyed.values().removeIf(kept -> kept.usedAt.isBefore(since));
    }

    /** Whether the secret is in memory here. */
    boolean holds(Secret secret) {
        return keyed.containsKey(secret);
    }

    private static SignatureRefusedException malformed(String message) {
        return new SignatureRefusedException(Flaw.MALFORMED, message);
    }
}
