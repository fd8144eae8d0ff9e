package io.checkoutgateway.sandbox.http;

import io.checkoutgateway.sandbox.wire.StripeError;
import io.checkoutgateway.sandbox.world.SandboxClock;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Remembers the first answer to every idempotency key ("Idempotent requests" in Stripe's API reference). A key
 * belongs to an account; live mode would be another account here.
 */
final class Idempotency {
    /** Stripe says that keys are removed "after they're at least 24 hours old". */
    static final Duration KEPT = Duration.ofHours(24);

    static final int MAX_KEY = 255;

    private final SandboxClock clock;
    private final Map<String, Entry> entries = new LinkedHashMap<>();

    Idempotency(SandboxClock clock) {
        this.clock = clock;
    }

    /** The right to execute a request once; a ticket without a key remembers nothing. */
    final class Ticket {
        private final @Nullable String scope;

        private Ticket(@Nullable String scope) {
            this.scope = scope;
        }

        /** Keeps the answer for the next request with this key. */
        void settle(Reply reply) {
            Entry entry = scope == null ? null : entries.get(scope);
            if (entry != null) {
                entry.reply = reply;
            }
        }

        /** Frees the key, as if the request had never come. */
        void release() {
            if (scope != null) {
                entries.remove(scope);
            }
        }
    }

    /** A ticket that remembers nothing. */
    Ticket none() {
        return new Ticket(null);
    }

    /** The answer to replay, if this key has one; refuses a key that is in use or was used for something else. */
    Optional<Reply> replay(String account, String key, String endpoint, Map<String, Object> params) {
        if (key.length() > MAX_KEY) {
            throw StripeError.invalid("Idempotency-Key must be at most " + MAX_KEY + " characters, but yours has "
                            + key.length() + ".")
                    .beforeExecution();
        }
        prune();
        Entry entry = entries.get(scope(account, key));
        if (entry == null) {
            return Optional.empty();
        }
        entry.check(key, endpoint, fingerprint(params));
        return Optional.of(entry.answer(key).with("Idempotent-Replayed", "true"));
    }

    /** Takes a free key. */
    Ticket claim(String account, String key, String endpoint, Map<String, Object> params) {
        entries.put(scope(account, key), new Entry(endpoint, fingerprint(params), clock.millis()));
        return new Ticket(scope(account, key));
    }

    void clear() {
        entries.clear();
    }

    private void prune() {
        long oldest = clock.millis() - KEPT.toMillis();
        Iterator<Entry> byAge = entries.values().iterator();
        while (byAge.hasNext() && byAge.next().created < oldest) {
            byAge.remove();
        }
    }

    private static String scope(String account, String key) {
        return account + " " + key;
    }

    /** The same for the same parameters in any order. */
    private static String fingerprint(Map<String, Object> params) {
        return sorted(params).toString();
    }

    private static Map<String, Object> sorted(Map<?, ?> params) {
        Map<String, Object> sorted = new TreeMap<>();
        params.forEach(
                (name, value) -> sorted.put((String) name, value instanceof Map<?, ?> branch ? sorted(branch) : value));
        return sorted;
    }

    private static final class Entry {
        private final String endpoint;
        private final String fingerprint;
        private final long created;
        private @Nullable Reply reply;

        private Entry(String endpoint, String fingerprint, long created) {
            this.endpoint = endpoint;
            this.fingerprint = fingerprint;
            this.created = created;
        }

        private void check(String key, String otherEndpoint, String otherFingerprint) {
            String advice = " Try using a key other than '" + key + "' if you meant to execute a different request.";
            if (!endpoint.equals(otherEndpoint)) {
                throw refusal(
                        400,
                        "Keys for idempotent requests can only be used for the same endpoint they were first used for "
                                + "('" + otherEndpoint + "' vs '" + endpoint + "')." + advice);
            }
            if (!fingerprint.equals(otherFingerprint)) {
                throw refusal(
                        400,
                        "Keys for idempotent requests can only be used with the same parameters they were first used "
                                + "with." + advice);
            }
        }

        private Reply answer(String key) {
            if (reply == null) {
                throw refusal(
                                409,
                                "There is currently another in-progress request using this Idempotent Key (that "
                                        + "probably means you submitted twice, and the other request is still going "
                                        + "through): " + key + ". Please try again later.")
                        .code("idempotency_key_in_use")
                        .header("Stripe-Should-Retry", "true");
            }
            return reply;
        }

        private static StripeError refusal(int status, String message) {
            return StripeError.of(status, "idempotency_error", message).beforeExecution();
        }
    }
}
