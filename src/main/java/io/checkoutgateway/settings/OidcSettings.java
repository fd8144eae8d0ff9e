package io.checkoutgateway.settings;

import java.net.URI;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Whose tokens are taken besides API keys.
 *
 * @param issuer what a token's {@code iss} must be, letter for letter
 * @param jwksUrl where the issuer's keys are; {@code null} when its discovery document tells
 * @param audience what a token's {@code aud} must name
 * @param namespaceClaim the claim that holds the caller's namespace
 * @param algorithms what tokens may be signed with; never a symmetric one
 * @param leeway how far clocks may differ
 * @param refreshInterval how often the issuer's keys are fetched
 * @param refreshPause how long at least between two fetches that tokens with unknown keys cause
 * @param timeout how long the issuer may take to answer
 */
public record OidcSettings(
        String issuer,
        @Nullable URI jwksUrl,
        String audience,
        String namespaceClaim,
        Set<String> algorithms,
        Duration leeway,
        Duration refreshInterval,
        Duration refreshPause,
        Duration timeout) {
    public OidcSettings {
        algorithms = Set.copyOf(algorithms);
    }

    /** Whether keys may be fetched from here: over https, or from this machine. */
    public static boolean isTrustworthy(URI url) {
        String host = url.getHost();
        return host != null
                && ("https".equals(url.getScheme())
                        || ("http".equals(url.getScheme())
                                && Set.of("localhost", "127.0.0.1", "[::1]").contains(host)));
    }
}
