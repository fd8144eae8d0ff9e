package io.checkoutgateway.http;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Things that belong to path templates, found by one walk along a path's segments however many templates there are. A
 * segment that a template spells out comes before one that a parameter takes. (OpenAPI 3.1, "Paths Object".)
 *
 * @param <T> what belongs to a template
 */
final class PathTable<T> {
    private static final class Node<T> {
        private final Map<String, Node<T>> spelled = new HashMap<>();
        private @Nullable Node<T> parameter;
        private @Nullable T value;

        Node<T> child(String segment) {
            if (!segment.startsWith("{")) {
                return spelled.computeIfAbsent(segment, missing -> new Node<>());
            }
            Node<T> child = parameter == null ? new Node<>() : parameter;
            parameter = child;
            return child;
        }
    }

    private final Node<T> root = new Node<>();

    /** Adds what belongs to a template such as {@code /apps/{appId}}. */
    void put(String template, T value) {
        Node<T> node = root;
        for (String segment : template.substring(1).split("/", -1)) {
            node = node.child(segment);
        }
        node.value = value;
    }

    /**
     * What belongs to the template that the path fits.
     *
     * @return {@code null} when it fits none, and when it would have to be normalized first, so that its segments are
     *     not those that a router sees. (RFC 3986, section 6.2.2.)
     */
    @Nullable
    T find(@Nullable String path) {
        return path != null && isNormal(path) ? find(root, path, 1) : null;
    }

    /** Empty segments, a last one included, are found nowhere. */
    private static boolean isNormal(String path) {
        return path.startsWith("/") && path.indexOf('%') < 0 && path.indexOf('.') < 0;
    }

    private static <T> @Nullable T find(Node<T> node, String path, int from) {
        int slash = path.indexOf('/', from);
        int end = slash < 0 ? path.length() : slash;
        if (end == from) {
            return null;
        }
        T found = findUnder(node.spelled.get(path.substring(from, end)), path, end);
        return found == null ? findUnder(node.parameter, path, end) : found;
    }

    private static <T> @Nullable T findUnder(@Nullable Node<T> node, String path, int end) {
        if (node == null) {
            return null;
        }
        return end == path.length() ? node.value : find(node, path, end + 1);
    }
}
