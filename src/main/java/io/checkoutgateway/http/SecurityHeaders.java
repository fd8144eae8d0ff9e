package io.checkoutgateway.http;

import io.vertx.core.http.HttpServerResponse;
import java.util.Map;

/**
 * What every answer says to browsers: keep nothing, guess nothing, embed nothing, tell others nothing. Answers to other
 * origins are not for their scripts: no CORS header is ever sent. {@code Strict-Transport-Security} is for whoever
 * terminates TLS. (OWASP, "REST Security Cheat Sheet", security headers.)
 */
final class SecurityHeaders {
    static final String POLICY = "Content-Security-Policy";

    private static final Map<String, String> ALWAYS = Map.of(
            "Cache-Control",
            "no-store",
            "X-Content-Type-Options",
            "nosniff",
            "Referrer-Policy",
            "no-referrer",
            "Cross-Origin-Resource-Policy",
            "same-origin",
            POLICY,
            "default-src 'none'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'");

    private SecurityHeaders() {}

    /** Puts them; whoever needs another policy replaces it. */
    static void addTo(HttpServerResponse response) {
        ALWAYS.forEach(response::putHeader);
    }
}
