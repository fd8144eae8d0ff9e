package io.checkoutgateway.settings;

import java.net.URI;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads what may be configured of callers: whose tokens are taken, and how much each may ask for. */
final class CallerReader {
    private static final String ISSUER = "GATEWAY_OIDC_ISSUER";
    private static final String JWKS_URL = "GATEWAY_OIDC_JWKS_URL";
    private static final String AUDIENCE = "GATEWAY_OIDC_AUDIENCE";
    private static final String ALGORITHMS = "GATEWAY_OIDC_ALGORITHMS";
    private static final Pattern ANY = Pattern.compile("\\S{1,255}");

    /** Signatures that only the issuer can make; with the others, whoever can check one can make one. (RFC 7518.) */
    private static final Set<String> ASYMMETRIC =
            new TreeSet<>(Set.of("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"));

    private final Values values;

    CallerReader(Values values) {
        this.values = values;
    }

    @Nullable
    OidcSettings oidc() {
        URI issuer =
                url(ISSUER, "The issuer whose tokens are taken, as in iss; none without it. Its keys are discovered.");
        URI jwksUrl = url(JWKS_URL, "Where the issuer's keys are, when its discovery document does not tell.");
        String audience = values.optional(
                AUDIENCE, ANY, "a text without blanks", "What aud must name; required with GATEWAY_OIDC_ISSUER.");
        OidcSettings settings = new OidcSettings(
                issuer == null ? "" : issuer.toString(),
                jwksUrl,
                audience == null ? "" : audience,
                values.matching(
                        "GATEWAY_OIDC_NAMESPACE_CLAIM",
                        "namespace",
                        ANY,
                        "a text without blanks",
                        "The claim that holds the caller's namespace."),
                algorithms(),
                values.duration(
                        "GATEWAY_OIDC_LEEWAY", "PT30S", "PT0S", "PT5M", "How far the issuer's clock may differ."),
                values.duration(
                        "GATEWAY_OIDC_REFRESH_INTERVAL",
                        "PT10M",
                        "PT10S",
                        "P1D",
                        "How often the issuer's keys are fetched; for so long a withdrawn key is still taken."),
                values.duration(
                        "GATEWAY_OIDC_REFRESH_PAUSE",
                        "PT30S",
                        "PT0.1S",
                        "PT10M",
                        "How long at least between two fetches that tokens with unknown keys cause."),
                values.duration(
                        "GATEWAY_OIDC_TIMEOUT", "PT5S", "PT0.1S", "PT30S", "How long the issuer may take to answer."));
        checkComplete(issuer, jwksUrl, audience);
        return issuer == null ? null : settings;
    }

    private void checkComplete(@Nullable URI issuer, @Nullable URI jwksUrl, @Nullable String audience) {
        if (issuer != null && audience == null) {
            values.refuse(AUDIENCE + " is required with " + ISSUER + ": the issuer's tokens for others are not for us");
        }
        if (issuer == null && jwksUrl != null) {
            values.refuse(ISSUER + " is required with " + JWKS_URL + ": a token must say who issued it");
        }
        if (issuer == null && audience != null) {
            values.refuse(ISSUER + " is required with " + AUDIENCE);
        }
    }

    private @Nullable URI url(String name, String meaning) {
        values.describe(name, null, false, false, meaning);
        Optional<String> text = values.value(name);
        if (text.isEmpty()) {
            return null;
        }
        try {
            URI url = URI.create(text.get());
            if (OidcSettings.isTrustworthy(url) && url.getRawUserInfo() == null && url.getRawFragment() == null) {
                return url;
            }
        } catch (IllegalArgumentException e) {
            // Told below, together with URLs that are not safe.
        }
        values.refuse("%s must be an https URL (http only to this machine), was \"%s\"".formatted(name, text.get()));
        return null;
    }

    private Set<String> algorithms() {
        String given = values.text(
                ALGORITHMS,
                "RS256,ES256",
                "What tokens may be signed with, separated by commas; asymmetric ones only.");
        Set<String> algorithms =
                Arrays.stream(given.split(",", -1)).map(String::strip).collect(Collectors.toSet());
        if (!ASYMMETRIC.containsAll(algorithms)) {
            values.refuse(
                    "%s must be some of %s, was \"%s\"".formatted(ALGORITHMS, String.join(",", ASYMMETRIC), given));
        }
        return algorithms;
    }

    RateSettings rates() {
        return new RateSettings(
                values.number(
                        "GATEWAY_RATE_REQUESTS_PER_SECOND",
                        200,
                        0,
                        100_000,
                        "Requests a second of one credential, over all replicas; twice what Stripe takes from an account. 0: no limit."),
                values.number(
                        "GATEWAY_RATE_REQUESTS_BURST",
                        400,
                        1,
                        1_000_000,
                        "Requests that a credential may send at once; two seconds' worth."),
                values.number(
                        "GATEWAY_RATE_CREATES_PER_MINUTE",
                        30,
                        0,
                        10_000,
                        "Sessions and portals opened for one customer in a minute; a person needs one, a loop is stopped. 0: no limit."));
    }
}
