package io.checkoutgateway.settings;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * How the gateway reaches Stripe.
 *
 * @param apiKey the secret key of the configured account; {@code null} where apps are only installed over the API
 * @param webhookSecrets the signing secrets accepted now; two while one replaces the other
 * @param accountId the account that the key belongs to, where the operator states it; else it is asked of Stripe
 * @param apiBase Stripe's API, or a stand-in of it
 * @param workers how many calls may be under way at once; each holds a thread
 * @param queue how many calls may wait for a thread before the next one is refused
 * @param retries how often a call is repeated after the first try
 * @param connectTimeout how long one try may take to connect
 * @param readTimeout how long one try may take to be answered
 * @param deadline how long a call may take with all its retries and waits
 * @param requestsPerSecond the most calls a second for the whole account
 * @param createsPerSecond the most calls a second for one operation of the account
 * @param backgroundPerSecond the most calls a second of work that nobody waits for, out of the account's
 */
public record StripeSettings(
        @Nullable Secret apiKey,
        List<Secret> webhookSecrets,
        @Nullable String accountId,
        URI apiBase,
        int workers,
        int queue,
        int retries,
        Duration connectTimeout,
        Duration readTimeout,
        Duration deadline,
        int requestsPerSecond,
        int createsPerSecond,
        int backgroundPerSecond) {
    /** What Stripe allows an account a second, whatever calls and however many who make them. (Stripe, "Rate limits".) */
    private static final int LIVE_MOST = 100;

    private static final int TEST_MOST = 25;

    public StripeSettings {
        webhookSecrets = List.copyOf(webhookSecrets);
    }

    /** Whether the configured key moves real money. */
    public boolean livemode() {
        return apiKey != null && livemode(apiKey);
    }

    /** What Stripe allows the configured account a second, where this process alone may ask for more. */
    public OptionalInt exceededRate() {
        int allowed = livemode() ? LIVE_MOST : TEST_MOST;
        return apiKey != null && isStripes(apiBase) && requestsPerSecond > allowed
                ? OptionalInt.of(allowed)
                : OptionalInt.empty();
    }

    /** A stand-in has its own limits, or none. */
    private static boolean isStripes(URI apiBase) {
        return apiBase.getHost().endsWith(".stripe.com");
    }

    /** Whether a key moves real money: everything but a {@code sk_test_} or {@code rk_test_} key does. */
    public static boolean livemode(Secret key) {
        return !(key.reveal().startsWith("sk_test_") || key.reveal().startsWith("rk_test_"));
    }
}
