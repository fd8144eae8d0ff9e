package io.checkoutgateway.sandbox;

import io.checkoutgateway.sandbox.events.DeliveryPolicy;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * How a {@link StripeSandbox} behaves.
 *
 * @param host the address to listen on; anything but a loopback address lets others in
 * @param port 0 for any free port
 * @param apiKeys the keys that are accepted; empty to accept every {@code sk_test_} and {@code rk_test_} key
 * @param seed makes ids and chance reproducible; 0 for ids nobody can foresee
 * @param accounts which account a key belongs to; a key not listed here belongs to the account it carries after
 *     {@code sk_test_51}, else to one shared default account
 * @param connectedAccounts accounts that every key may speak for with the {@code Stripe-Account} header
 * @param latency added to every answer of the API
 * @param delivery how webhooks are delivered
 * @param tick how often expirations and retries are looked after; zero to do so only when asked
 * @param cancelSetupIntents whether the setup intent of an expired session is canceled; Stripe does not say
 * @param redirectWait how long a customer waits at most for the merchant's webhook before the redirect
 * @param publicBase where browsers find the pages when that is not {@code http://host:port}
 * @param remoteControl whether {@code /_sandbox} answers other machines than this one
 */
public record SandboxOptions(
        String host,
        int port,
        List<String> apiKeys,
        long seed,
        Map<String, String> accounts,
        Set<String> connectedAccounts,
        Duration latency,
        DeliveryPolicy delivery,
        Duration tick,
        boolean cancelSetupIntents,
        Duration redirectWait,
        Optional<URI> publicBase,
        boolean remoteControl) {

    private static final int HIGHEST_PORT = 65_535;

    /** Soon enough that a person does not notice. */
    private static final Duration TICK = Duration.ofMillis(500);

    /** What integrators report of Stripe's own page. */
    private static final Duration REDIRECT_WAIT = Duration.ofSeconds(10);

    /** A longer one is a mistyped unit. */
    private static final Duration LONGEST_LATENCY = Duration.ofMinutes(5);

    /** Refuses what cannot work, with the value that came. */
    public SandboxOptions {
        require(!host.isBlank(), "host must not be blank");
        require(port >= 0 && port <= HIGHEST_PORT, "port must be between 0 and 65535, was " + port);
        for (String key : apiKeys) {
            require(
                    key.startsWith("sk_test_") || key.startsWith("rk_test_"),
                    "an API key of the sandbox starts with sk_test_ or rk_test_");
        }
        accounts.values().forEach(SandboxOptions::requireAccount);
        connectedAccounts.forEach(SandboxOptions::requireAccount);
        require(
                !latency.isNegative() && latency.compareTo(LONGEST_LATENCY) <= 0,
                "latency must be between zero and " + LONGEST_LATENCY + ", was " + latency);
        require(!tick.isNegative(), "tick must not be negative, was " + tick);
        require(!redirectWait.isNegative(), "redirectWait must not be negative, was " + redirectWait);
        apiKeys = List.copyOf(apiKeys);
        accounts = Map.copyOf(accounts);
        connectedAccounts = Set.copyOf(connectedAccounts);
    }

    /** Loopback, any free port, any test key, random ids, no faults, no latency. */
    public static SandboxOptions defaults() {
        return new SandboxOptions(
                "127.0.0.1",
                0,
                List.of(),
                0,
                Map.of(),
                Set.of(),
                Duration.ZERO,
                DeliveryPolicy.defaults(),
                TICK,
                false,
                REDIRECT_WAIT,
                Optional.empty(),
                false);
    }

    /** The same on another address. */
    public SandboxOptions listeningOn(String newHost, int newPort) {
        return new SandboxOptions(
                newHost,
                newPort,
                apiKeys,
                seed,
                accounts,
                connectedAccounts,
                latency,
                delivery,
                tick,
                cancelSetupIntents,
                redirectWait,
                publicBase,
                remoteControl);
    }

    /** The same with these keys only. */
    public SandboxOptions withApiKeys(List<String> keys) {
        return new SandboxOptions(
                host,
                port,
                keys,
                seed,
                accounts,
                connectedAccounts,
                latency,
                delivery,
                tick,
                cancelSetupIntents,
                redirectWait,
                publicBase,
                remoteControl);
    }

    /** The same with ids and chance from a seed. */
    public SandboxOptions withSeed(long newSeed) {
        return new SandboxOptions(
                host,
                port,
                apiKeys,
                newSeed,
                accounts,
                connectedAccounts,
                latency,
                delivery,
                tick,
                cancelSetupIntents,
                redirectWait,
                publicBase,
                remoteControl);
    }

    /** The same, answering later. */
    public SandboxOptions withLatency(Duration newLatency) {
        return new SandboxOptions(
                host,
                port,
                apiKeys,
                seed,
                accounts,
                connectedAccounts,
                newLatency,
                delivery,
                tick,
                cancelSetupIntents,
                redirectWait,
                publicBase,
                remoteControl);
    }

    /** The same, delivering webhooks differently. */
    public SandboxOptions withDelivery(DeliveryPolicy policy) {
        return new SandboxOptions(
                host,
                port,
                apiKeys,
                seed,
                accounts,
                connectedAccounts,
                latency,
                policy,
                tick,
                cancelSetupIntents,
                redirectWait,
                publicBase,
                remoteControl);
    }

    /** The same, with accounts a key may speak for. */
    public SandboxOptions withConnectedAccounts(Set<String> connected) {
        return new SandboxOptions(
                host,
                port,
                apiKeys,
                seed,
                accounts,
                connected,
                latency,
                delivery,
                tick,
                cancelSetupIntents,
                redirectWait,
                publicBase,
                remoteControl);
    }

    private static void requireAccount(String account) {
        require(account.startsWith("acct_"), "an account id starts with acct_, was " + account);
    }

    private static void require(boolean condition, String message) {
        if (!condition) {
            throw new IllegalArgumentException(message);
        }
    }
}
