package io.checkoutgateway.dropin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.checkoutgateway.dropin.Bodies.Place;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A request that their contract allows.
 *
 * @param what in a few words, for whoever reads the failure
 * @param words the path's parameters whose values the contract lists
 * @param query encoded, with its question mark; empty for none
 * @param body {@code null} for none
 */
record Request(Described operation, String what, Map<String, String> words, String query, @Nullable JsonNode body) {
    static Request of(Described operation, String what) {
        return new Request(operation, what, Map.of(), "", null);
    }

    Request with(JsonNode other) {
        return new Request(operation, what, words, query, other);
    }

    /** The parameters of the query, as the server reads them. */
    Map<String, String> parameters() {
        Map<String, String> parameters = new LinkedHashMap<>();
        for (String pair : query.isEmpty() ? new String[0] : query.substring(1).split("&")) {
            String[] sides = pair.split("=", 2);
            parameters.put(decoded(sides[0]), sides.length == 2 ? decoded(sides[1]) : "");
        }
        return parameters;
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }

    /** What stands at a place that a problem names: a JSON Pointer into the body, or a parameter's name. */
    JsonNode at(String place) {
        if (body != null && (place.isEmpty() || place.startsWith("/"))) {
            return body.at(place);
        }
        // A plain value is told as that of `eq`, which it is short for.
        Map<String, String> parameters = parameters();
        String value = parameters.getOrDefault(place, parameters.get(place.replace("[eq]", "")));
        return value == null ? JsonNodeFactory.instance.missingNode() : JsonNodeFactory.instance.textNode(value);
    }

    /** What their contract finds wrong with the body: a request that strays proves nothing. */
    Set<String> strays() {
        return body == null
                ? Set.of()
                : operation.contract().violations(operation.body().orElseThrow(), body);
    }

    /** The members and words that it has. */
    Set<String> traces() {
        Set<String> traces = new TreeSet<>(parameters().keySet());
        words.forEach((name, word) -> traces.add(name + " = " + word));
        if (body != null) {
            schemas(operation).forEach(schema -> traces.addAll(Bodies.traces(body, places(operation, schema))));
        }
        return traces;
    }

    /** The members and words that requests of an operation can have. */
    static Set<String> allTraces(Described operation) {
        Set<String> traces = new TreeSet<>();
        new Queries(operation).names().forEach(parameter -> traces.add(parameter.name()));
        for (ObjectNode schema : schemas(operation)) {
            for (Place place : places(operation, schema)) {
                traces.add(place.path());
                place.words().forEach(word -> traces.add(Bodies.trace(place, word)));
            }
        }
        return traces;
    }

    private static List<ObjectNode> schemas(Described operation) {
        OpenApi contract = operation.contract();
        return operation
                .body()
                .map(pointer -> contract.alternatives(contract.at(pointer)))
                .orElse(List.of());
    }

    private static List<Place> places(Described operation, ObjectNode schema) {
        return new Bodies(operation.contract()).places(schema);
    }

    @Override
    public String toString() {
        String text = String.valueOf(body);
        return "%s, %s: %s %s"
                .formatted(
                        operation,
                        what,
                        words.isEmpty() ? query : words + query,
                        text.length() > 600 ? text.substring(0, 600) + "…" : text);
    }
}
