package io.checkoutgateway.http;

import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The versions of a resource as entity tags, and as a caller names them. (RFC 9110, sections 8.8.3 and 13.1.1.) */
public final class Versions {
    public static final String ETAG = "ETag";
    private static final Pattern TAG = Pattern.compile("\"(\\d{1,18})\"");

    private Versions() {}

    /** The strong entity tag of a version. */
    public static String tagOf(long version) {
        return "\"" + version + "\"";
    }

    /** The versions that the caller's {@code If-Match} names; {@code null} when any will do. A weak tag names none. */
    public static @Nullable Set<Long> wantedBy(Call call) {
        String header = call.header("If-Match");
        if (header == null || header.strip().equals("*")) {
            return null;
        }
        return Arrays.stream(header.split(",", -1))
                .map(tag -> TAG.matcher(tag.strip()))
                .filter(Matcher::matches)
                .map(tag -> Long.valueOf(tag.group(1)))
                .collect(Collectors.toSet());
    }

    /**
     * Whether the caller's {@code If-Match} lets a resource of this version be replaced, where there may be none: {@code *}
     * wants that there is one. (RFC 9110, section 13.1.1.)
     */
    public static Predicate<Optional<Long>> replaceableBy(Call call) {
        if (call.header("If-Match") == null) {
            return present -> true;
        }
        Set<Long> wanted = wantedBy(call);
        return present -> present.filter(version -> wanted == null || wanted.contains(version))
                .isPresent();
    }
}
