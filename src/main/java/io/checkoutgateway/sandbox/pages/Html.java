package io.checkoutgateway.sandbox.pages;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The frame of every page: one document, one style sheet inside it, nothing loaded from anywhere. */
final class Html {
    static final String STYLE = resource("/sandbox/page.css");

    /** Lets the browser check that the style in the page is ours. */
    private static final String STYLE_HASH = "'sha256-" + sha256(STYLE) + "'";

    private Html() {}

    /** A document; the title is escaped here, the body is HTML already. */
    static String document(String language, String title, String body) {
        return """
                <!doctype html>
                <html lang="%s">
                <head>
                <meta charset="utf-8">
                <meta name="viewport" content="width=device-width, initial-scale=1">
                <meta name="robots" content="noindex">
                <title>%s</title>
                <style>%s</style>
                </head>
                <body>
                %s
                </body>
                </html>
                """
                .formatted(escape(language), escape(title), STYLE, body);
    }

    /** A page that only says something. */
    static String message(String title, String text, String link) {
        return document(
                "en",
                title,
                """
                <main class="solo"><section class="card">
                <span class="badge">SANDBOX</span>
                <h1>%s</h1>
                <p>%s</p>
                %s
                </section></main>"""
                        .formatted(escape(title), escape(text), link));
    }

    static String link(@Nullable String url, String text) {
        return url == null ? "" : "<p><a href=\"" + escape(url) + "\">" + escape(text) + "</a></p>";
    }

    /**
     * What the browser may do with a page.
     *
     * @param formTargets further origins a form's answer may lead to: browsers check redirects, too
     * @param framed whether another site may show the page inside its own
     */
    static String policy(String formTargets, boolean framed) {
        return "default-src 'none'; style-src " + STYLE_HASH + "; form-action 'self' " + formTargets
                + "; base-uri 'none'; frame-ancestors " + (framed ? "*" : "'none'");
    }

    static String escape(@Nullable String text) {
        if (text == null) {
            return "";
        }
        StringBuilder escaped = new StringBuilder(text.length());
        for (char letter : text.toCharArray()) {
            switch (letter) {
                case '&' -> escaped.append("&amp;");
                case '<' -> escaped.append("&lt;");
                case '>' -> escaped.append("&gt;");
                case '"' -> escaped.append("&quot;");
                case '\'' -> escaped.append("&#39;");
                default -> escaped.append(letter);
            }
        }
        return escaped.toString();
    }

    private static String resource(String name) {
        try (var stream = Objects.requireNonNull(Html.class.getResourceAsStream(name), name)) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (java.io.IOException unreadable) {
            throw new java.io.UncheckedIOException(name, unreadable);
        }
    }

    private static String sha256(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return Base64.getEncoder().encodeToString(digest);
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException("every JDK has SHA-256", missing);
        }
    }
}
