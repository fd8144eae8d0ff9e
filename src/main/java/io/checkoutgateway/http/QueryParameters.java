package io.checkoutgateway.http;

import io.checkoutgateway.failure.GatewayException;
import io.checkoutgateway.failure.InvalidParameter;
import io.vertx.core.MultiMap;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Reads a query into an object: {@code page[size]=5&filter[created_at][gte]=…} becomes members of members, the
 * {@code deepObject} style and OpenMeter's one level more. A parameter that comes twice is refused: which one counts
 * would be a guess.
 */
final class QueryParameters {
    /** {@code filter[field][operator]}. */
    private static final int DEPTH_MAX = 3;

    /** Every filter of every field several times over. */
    private static final int COUNT_MAX = 100;

    private QueryParameters() {}

    static JsonObject parse(MultiMap parameters) {
        if (parameters.size() > COUNT_MAX) {
            throw invalid("query", "max_items", "must not have more than " + COUNT_MAX + " parameters");
        }
        JsonObject query = new JsonObject();
        for (Map.Entry<String, String> parameter : parameters) {
            put(query, parameter.getKey(), parameter.getValue());
        }
        return query;
    }

    private static void put(JsonObject query, String name, String value) {
        List<String> path = path(name);
        JsonObject place = query;
        for (String segment : path.subList(0, path.size() - 1)) {
            Object next = place.getValue(segment);
            if (next == null) {
                next = new JsonObject();
                place.put(segment, next);
            }
            if (!(next instanceof JsonObject object)) {
                throw invalid(name, "conflict", "is given both with and without an inner name");
            }
            place = object;
        }
        String last = path.get(path.size() - 1);
        if (place.containsKey(last)) {
            throw invalid(name, "repeated", "must not be given twice");
        }
        place.put(last, value);
    }

    private static List<String> path(String name) {
        List<String> path = new ArrayList<>();
        int open = name.indexOf('[');
        path.add(open < 0 ? name : name.substring(0, open));
        if (path.get(0).isEmpty()) {
            throw invalid(name.isEmpty() ? "query" : name, "name", "is not a parameter's name; it begins with nothing");
        }
        while (open >= 0) {
            int close = name.indexOf(']', open);
            boolean closed = close > open + 1
                    && (close == name.length() - 1 || name.charAt(close + 1) == '[')
                    && path.size() < DEPTH_MAX;
            if (!closed) {
                throw invalid(name, "name", "is not a parameter's name; brackets must be closed and filled");
            }
            path.add(name.substring(open + 1, close));
            open = close == name.length() - 1 ? -1 : close + 1;
        }
        return path;
    }

    private static GatewayException invalid(String field, String rule, String reason) {
        return GatewayException.invalid(InvalidParameter.inQuery(field, rule, reason));
    }
}
