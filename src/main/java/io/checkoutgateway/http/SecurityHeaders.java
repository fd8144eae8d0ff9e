package io.checkoutgateway.http;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import java.util.List;

/**
 * What every answer says to browsers: keep nothing, guess nothing, embed nothing, tell others nothing. Answers to other
 * origins are not for their scripts: no CORS header is ever sent. {@code Strict-Transport-Security} is for whoever
 * terminates TLS. (OWASP, "REST Security Cheat Sheet", security headers.)
 */
final class SecurityHeaders {
    static final String POLICY = "Content-Security-Policy";

    private record Header(CharSequence name, CharSequence value) {
        static Header of(String name, String value) {
            return new Header(HttpHeaders.createOptimized(name), HttpHeaders.createOptimized(value));
        }
    }

    private static final List<Header> ALWAYS = List.of(
            Header.of("Cache-Control", "no-store"),
            Header.of("X-Content-Type-Options", "nosniff"),
            Header.of("Referrer-Policy", "no-referrer"),
            Header.of("Cross-Origin-Resource-Policy", "same-origin"),
            Header.of(POLICY, "default-src 'none'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'"));

    private SecurityHeaders() {}

    /** Puts them; whoever needs another policy replaces it. */
    static void addTo(HttpServerResponse response) {
        for (Header header : ALWAYS) {
            response.putHeader(header.name(), header.value());
        }
    }
}
