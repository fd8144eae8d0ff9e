package io.checkoutgateway.dropin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.checkoutgateway.testing.Fuzz;
import io.checkoutgateway.testing.Hostile;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;

/** Queries that a contract allows. Parameters are named as they are sent: {@code filter[key][eq]}. */
final class Queries {
    private static final String ULID = "01ARZ3NDEKTSV4RRFFQ69G5FAV";

    /** What the text of the parameter lists; its schema takes any text. */
    private static final List<String> SORTS = List.of(
            "id",
            "name",
            "created_at",
            "name asc",
            "created_at desc",
            "id desc",
            "name,created_at desc",
            "name desc, id");

    private static final int PAIRS = 300;

    /** A request line has at most 16 KiB, and every byte may become three. */
    private static final int VALUE_MAX = 1_500;

    private final Described operation;

    Queries(Described operation) {
        this.operation = operation;
    }

    /** One of the names that a query may have, and what may stand there. */
    record Parameter(String name, JsonNode schema) {
        boolean takes(String type) {
            return schema.path("type").asText().equals(type);
        }

        boolean isId() {
            return schema.has("pattern");
        }
    }

    /** Every name that a query may have. */
    List<Parameter> names() {
        List<Parameter> names = new ArrayList<>();
        for (JsonNode parameter : operation.parameters("query")) {
            gather(parameter.path("name").asText(), parameter.path("schema"), names);
        }
        return names;
    }

    private void gather(String name, JsonNode schema, List<Parameter> names) {
        for (ObjectNode alternative : operation.contract().alternatives(schema)) {
            if (alternative.has("properties")) {
                alternative
                        .path("properties")
                        .properties()
                        .forEach(member -> gather(name + "[" + member.getKey() + "]", member.getValue(), names));
            } else {
                names.add(new Parameter(name, alternative));
            }
        }
    }

    /** No parameter, each alone in both spellings of its brackets, and pairs. */
    List<Request> ordinary() {
        List<Request> requests = new ArrayList<>(List.of(request("no query", List.of())));
        List<Map.Entry<String, String>> all = new ArrayList<>();
        for (Parameter parameter : names()) {
            values(parameter).forEach(value -> all.add(Map.entry(parameter.name(), value)));
        }
        for (Map.Entry<String, String> one : all) {
            requests.add(request("alone", List.of(one)));
            requests.add(encoded("alone, all of it encoded", one));
        }
        Random random = Fuzz.random(operation.id(), 0);
        for (int i = 0; i < PAIRS; i++) {
            Map.Entry<String, String> one = all.get(random.nextInt(all.size()));
            Map.Entry<String, String> other = all.get(random.nextInt(all.size()));
            if (goesWith(one.getKey(), other.getKey())) {
                requests.add(request("two", List.of(one, other)));
            }
        }
        return requests;
    }

    /** A parameter comes once, and a field has one form. */
    private static boolean goesWith(String one, String other) {
        return one.compareTo(other) < 0 && !other.startsWith(one + "[");
    }

    private static List<String> values(Parameter parameter) {
        if (parameter.name().equals("sort")) {
            return SORTS;
        }
        if (parameter.takes("boolean")) {
            return List.of("true", "false");
        }
        if (parameter.takes("integer")) {
            return parameter.name().endsWith("[size]") ? List.of("1", "20", "100", "1000") : List.of("1", "2", "70000");
        }
        boolean list = parameter.name().contains("[o");
        boolean ids = parameter.isId() || parameter.name().contains("_id]");
        return ids
                ? List.of(list ? ULID + "," + ULID : ULID)
                : list ? List.of("acme", "acme,globex") : List.of("acme", "Größe & Co, 100%");
    }

    /** Any text and any number at each name. */
    List<Request> wild(Random random, int each) {
        List<Request> requests = new ArrayList<>();
        for (Parameter parameter : names()) {
            for (int i = 0; i < each && !parameter.isId() && !parameter.takes("boolean"); i++) {
                String value = parameter.takes("integer") ? Wild.number(random).toString() : Wild.text(random);
                if (value.length() < VALUE_MAX) {
                    requests.add(encoded("any value", Map.entry(parameter.name(), value)));
                }
            }
        }
        return requests;
    }

    private Request request(String what, List<Map.Entry<String, String>> parameters) {
        return request(
                what,
                parameters.stream()
                        .map(parameter -> parameter.getKey() + "="
                                + URLEncoder.encode(parameter.getValue(), StandardCharsets.UTF_8))
                        .collect(Collectors.joining("&")));
    }

    /** Brackets too, and blanks as {@code %20}. */
    private Request encoded(String what, Map.Entry<String, String> parameter) {
        return request(
                what, Hostile.percentEncoded(parameter.getKey()) + "=" + Hostile.percentEncoded(parameter.getValue()));
    }

    private Request request(String what, String query) {
        return new Request(operation, what, Map.of(), query.isEmpty() ? "" : "?" + query, null);
    }
}
