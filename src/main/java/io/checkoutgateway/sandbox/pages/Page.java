package io.checkoutgateway.sandbox.pages;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import org.jspecify.annotations.Nullable;

/** One answer to a browser. */
record Page(int status, String html, String policy, @Nullable String location) {

    static Page of(int status, String html) {
        return new Page(status, html, Html.policy("", false), null);
    }

    /** 303: whatever the browser sent, it now gets that page. */
    static Page redirect(String location) {
        return new Page(303, "", Html.policy("", false), location);
    }

    Page with(String contentPolicy) {
        return new Page(status, html, contentPolicy, location);
    }

    void send(HttpServerRequest request) {
        HttpServerResponse response = request.response();
        if (response.closed()) {
            return;
        }
        if (location != null) {
            response.putHeader("Location", location);
        }
        response.setStatusCode(status)
                .putHeader("Content-Type", "text/html; charset=utf-8")
                .putHeader("Content-Security-Policy", policy)
                .putHeader("Cache-Control", "no-store")
                .putHeader("Referrer-Policy", "no-referrer")
                .putHeader("X-Content-Type-Options", "nosniff")
                .end(html);
    }
}
