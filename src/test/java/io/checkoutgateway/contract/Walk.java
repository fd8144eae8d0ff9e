package io.checkoutgateway.contract;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.stream.Stream;

/** Ways through a contract. Places are JSON Pointers. */
final class Walk {
    private static final String SCHEMAS = "#/components/schemas/";

    private Walk() {}

    /** Every operation by its {@code operationId}. */
    static Map<String, ObjectNode> operations(ObjectNode contract) {
        Map<String, ObjectNode> operations = new TreeMap<>();
        for (JsonNode path : contract.get("paths")) {
            path.forEach(
                    operation -> operations.put(operation.path("operationId").asText(), (ObjectNode) operation));
        }
        return operations;
    }

    /** Every object at and below this one, with its place. */
    static void objects(String place, JsonNode node, BiConsumer<String, ObjectNode> visitor) {
        if (node instanceof ObjectNode object) {
            visitor.accept(place, object);
            object.properties().forEach(member -> objects(place + "/" + member.getKey(), member.getValue(), visitor));
        }
        for (int i = 0; node.isArray() && i < node.size(); i++) {
            objects(place + "/" + i, node.get(i), visitor);
        }
    }

    /** The names of the schemas that request bodies and parameters lead to. */
    static Set<String> requestSchemas(ObjectNode contract) {
        List<JsonNode> inputs = operations(contract).values().stream()
                .flatMap(operation -> Stream.of(operation.path("requestBody"), operation.path("parameters")))
                .toList();
        return reachable(contract, inputs);
    }

    /** The names of the schemas that answers lead to. */
    static Set<String> responseSchemas(ObjectNode contract) {
        List<JsonNode> answers = operations(contract).values().stream()
                .map(operation -> operation.path("responses"))
                .toList();
        return reachable(contract, answers);
    }

    private static Set<String> reachable(ObjectNode contract, List<JsonNode> starts) {
        Set<String> references = new TreeSet<>();
        Deque<JsonNode> open = new ArrayDeque<>(starts);
        while (!open.isEmpty()) {
            objects("", open.pop(), (place, node) -> {
                String reference = node.path("$ref").asText();
                if (!reference.isEmpty() && references.add(reference)) {
                    open.push(contract.at(reference.substring(1)));
                }
            });
        }
        Set<String> names = new TreeSet<>();
        references.stream().filter(r -> r.startsWith(SCHEMAS)).forEach(r -> names.add(r.substring(SCHEMAS.length())));
        return names;
    }
}
