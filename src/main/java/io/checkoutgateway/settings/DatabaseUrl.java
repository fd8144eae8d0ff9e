package io.checkoutgateway.settings;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What a database's URL may say, and what it says of TLS. */
final class DatabaseUrl {
    private static final String SSL_MODE = "sslmode";
    private static final List<String> SCHEMES = List.of("postgresql", "postgres");

    private DatabaseUrl() {}

    /** What is wrong with it, to be read behind the variable's name and without a secret; {@code null} when nothing is. */
    static @Nullable String mistake(String value) {
        try {
            URI uri = URI.create(value);
            boolean complete = uri.getScheme() != null
                    && SCHEMES.contains(uri.getScheme())
                    && uri.getHost() != null
                    && uri.getPath() != null
                    && uri.getPath().length() > 1;
            return complete ? sslMistake(uri) : "must look like postgresql://user:password@host:5432/database";
        } catch (IllegalArgumentException e) {
            return "is not a URL: special characters of user and password must be percent-encoded";
        }
    }

    /** The two drivers read other ssl parameters each in its own way, or not at all. */
    private static @Nullable String sslMistake(URI uri) {
        List<String> names = parameters(uri)
                .map(DatabaseUrl::name)
                .filter(name -> name.toLowerCase(Locale.ROOT).startsWith("ssl"))
                .toList();
        if (!names.isEmpty() && !names.equals(List.of(SSL_MODE))) {
            return "may say sslmode, once, and nothing else of ssl; authorities belong to DATABASE_SSL_ROOT_CERT, was "
                    + String.join(", ", names);
        }
        return parameters(uri)
                .filter(parameter -> name(parameter).equals(SSL_MODE))
                .map(DatabaseUrl::value)
                .filter(mode -> SslMode.of(mode).isEmpty())
                .map(
                        "must say sslmode=disable, allow, prefer, require, verify-ca or verify-full, was \"%s\""
                                ::formatted)
                .findFirst()
                .orElse(null);
    }

    /** What a URL without a mistake says. */
    static SslMode sslMode(URI uri) {
        return parameters(uri)
                .filter(parameter -> name(parameter).equals(SSL_MODE))
                .flatMap(parameter -> SslMode.of(value(parameter)).stream())
                .findFirst()
                .orElse(SslMode.PREFER);
    }

    private static Stream<String> parameters(URI uri) {
        return uri.getRawQuery() == null
                ? Stream.empty()
                : Arrays.stream(uri.getRawQuery().split("&"));
    }

    private static String name(String parameter) {
        return decoded(parameter.split("=", 2)[0]);
    }

    private static String value(String parameter) {
        int equals = parameter.indexOf('=');
        return equals < 0 ? "" : decoded(parameter.substring(equals + 1));
    }

    private static String decoded(String part) {
        return URLDecoder.decode(part, StandardCharsets.UTF_8);
    }
}
