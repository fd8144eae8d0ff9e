package io.checkoutgateway.store;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;

/** The user and password of a database URL, percent-decoded; empty where it names none. */
record Credentials(String user, String password) {
    static Credentials of(URI uri) {
        String info = uri.getRawUserInfo() == null ? "" : uri.getRawUserInfo();
        int colon = info.indexOf(':');
        return colon < 0
                ? new Credentials(decoded(info), "")
                : new Credentials(decoded(info.substring(0, colon)), decoded(info.substring(colon + 1)));
    }

    private static String decoded(String part) {
        return URLDecoder.decode(part.replace("+", "%2B"), StandardCharsets.UTF_8);
    }
}
