package io.checkoutgateway.sandbox.http;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** A path with variables, such as {@code /v1/customers/{id}}. */
public final class PathTemplate {
    private final String text;
    private final String[] segments;

    public PathTemplate(String text) {
        this.text = text;
        this.segments = text.split("/", -1);
    }

    /** The path's values for the variables, in order, or nothing when it is another path. */
    public Optional<List<String>> match(String path) {
        String[] others = path.split("/", -1);
        if (others.length != segments.length) {
            return Optional.empty();
        }
        for (int i = 0; i < segments.length; i++) {
            if (isVariable(segments[i]) ? others[i].isEmpty() : !segments[i].equals(others[i])) {
                return Optional.empty();
            }
        }
        return Optional.of(IntStream.range(0, segments.length)
                .filter(i -> isVariable(segments[i]))
                .mapToObj(i -> others[i])
                .toList());
    }

    public boolean hasVariables() {
        return text.indexOf('{') >= 0;
    }

    @Override
    public String toString() {
        return text;
    }

    private static boolean isVariable(String segment) {
        return segment.startsWith("{");
    }
}
