package io.checkoutgateway.sandbox.wire;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads {@code application/x-www-form-urlencoded} with brackets, the way every Stripe SDK writes it:
 * {@code a[b][c]=v}, {@code list[0]=x}, {@code list[0][k]=v}, and {@code list[]=x} from curl. The result is a tree
 * whose leaves are strings and whose branches are maps; a list is a map with the keys 0, 1, 2 until a parameter's
 * shape says otherwise, for {@code metadata[0]} is no list.
 */
public final class BracketForm {
    /** Far above what the largest session needs, and small enough to read in a millisecond. */
    public static final int MAX_PARAMETERS = 2_000;

    /** Stripe's deepest parameter has six levels. */
    public static final int MAX_DEPTH = 12;

    private BracketForm() {}

    /**
     * Reads a body or a query string.
     *
     * @throws StripeError when it is malformed, too deep or too long
     */
    public static Map<String, Object> parse(String encoded) {
        Map<String, Object> root = new LinkedHashMap<>();
        int parameters = 0;
        for (String pair : encoded.split("&", -1)) {
            if (pair.isEmpty()) {
                continue;
            }
            if (++parameters > MAX_PARAMETERS) {
                throw malformed("more than " + MAX_PARAMETERS + " parameters");
            }
            int equals = pair.indexOf('=');
            String key = decode(equals < 0 ? pair : pair.substring(0, equals));
            put(root, segments(key), equals < 0 ? "" : decode(pair.substring(equals + 1)));
        }
        return root;
    }

    /** {@code a[b][]} is a, b and an empty segment; a key with stray brackets is one plain name. */
    static List<String> segments(String key) {
        int open = key.indexOf('[');
        if (open <= 0 || !key.endsWith("]")) {
            return List.of(key);
        }
        List<String> segments = new ArrayList<>();
        segments.add(key.substring(0, open));
        while (open < key.length()) {
            int close = key.indexOf(']', open);
            if (key.charAt(open) != '['
                    || close < 0
                    || key.substring(open + 1, close).contains("[")) {
                return List.of(key);
            }
            segments.add(key.substring(open + 1, close));
            open = close + 1;
        }
        if (segments.size() > MAX_DEPTH) {
            throw malformed("parameters nested more than " + MAX_DEPTH + " deep");
        }
        return segments;
    }

    private static void put(Map<String, Object> root, List<String> segments, String value) {
        Map<String, Object> branch = root;
        for (int i = 0; i < segments.size() - 1; i++) {
            branch = descend(branch, name(branch, segments, i), segments);
        }
        int last = segments.size() - 1;
        Object before = branch.put(name(branch, segments, last), value);
        if (before instanceof Map) {
            throw malformed("`" + segments.get(0) + "` given both as a value and as an object");
        }
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> descend(Map<String, Object> branch, String name, List<String> segments) {
        Object next = branch.computeIfAbsent(name, absent -> new LinkedHashMap<String, Object>());
        if (next instanceof Map<?, ?> map) {
            return (Map<String, Object>) map;
        }
        // `metadata=` (clear) followed by `metadata[k]=v` (set) means the latter.
        if (next.equals("")) {
            Map<String, Object> fresh = new LinkedHashMap<>();
            branch.put(name, fresh);
            return fresh;
        }
        throw malformed("`" + segments.get(0) + "` given both as a value and as an object");
    }

    /** The name of a segment; an empty one is the next index, or the last while its element lacks the next key. */
    private static String name(Map<String, Object> branch, List<String> segments, int position) {
        String segment = segments.get(position);
        if (!segment.isEmpty() || position == 0) {
            return segment;
        }
        int size = branch.size();
        boolean moreFollows = position + 1 < segments.size();
        if (size > 0 && moreFollows && branch.get(Integer.toString(size - 1)) instanceof Map<?, ?> element) {
            String next = segments.get(position + 1);
            if (!next.isEmpty() && !element.containsKey(next)) {
                return Integer.toString(size - 1);
            }
        }
        return Integer.toString(size);
    }

    private static String decode(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException malformed) {
            throw malformed("a percent sign without two hexadecimal digits");
        }
    }

    private static StripeError malformed(String reason) {
        return StripeError.invalid(
                        "Invalid request (check that your POST content is properly form-encoded): " + reason + ".")
                .beforeExecution();
    }
}
