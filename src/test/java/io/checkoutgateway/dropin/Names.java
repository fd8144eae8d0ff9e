package io.checkoutgateway.dropin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.checkoutgateway.dropin.Bodies.Place;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * The names that a client of the billing family relies on, a line each: operations with their methods, paths and good
 * answers, parameters, the members and words of requests, the members that answers always have.
 */
final class Names {
    private Names() {}

    static Set<String> of(OpenApi contract) {
        Set<String> names = new TreeSet<>();
        contract.family().forEach(operation -> add(operation, names));
        return names;
    }

    private static void add(Described operation, Set<String> names) {
        String id = operation.id();
        String path = operation.path().substring(operation.path().indexOf("/openmeter/"));
        names.add("%s: %s %s".formatted(id, operation.method(), path));
        for (JsonNode parameter : operation.parameters("path")) {
            operation
                    .contract()
                    .flat(parameter.path("schema"))
                    .path("enum")
                    .forEach(word -> names.add("%s: path %s = %s"
                            .formatted(id, parameter.path("name").asText(), word.asText())));
        }
        new Queries(operation).names().forEach(parameter -> names.add(id + ": query " + parameter.name()));
        operation.body().ifPresent(body -> addBody(operation, body, names));
        operation.statuses().stream().filter(status -> status.startsWith("2")).forEach(status -> {
            names.add(id + ": answers " + status);
            addAnswer(operation, Integer.parseInt(status), names);
        });
    }

    private static void addBody(Described operation, String pointer, Set<String> names) {
        OpenApi contract = operation.contract();
        for (ObjectNode schema : contract.alternatives(contract.at(pointer))) {
            for (Place place : new Bodies(contract).places(schema)) {
                names.add(operation.id() + ": takes " + place.path());
                place.schema()
                        .path("enum")
                        .forEach(word -> names.add(operation.id() + ": takes " + Bodies.trace(place, word)));
            }
        }
    }

    /** Those that every answer has: what may be left out may also never come. */
    private static void addAnswer(Described operation, int status, Set<String> names) {
        if (operation.mediaType(status).isPresent()) {
            OpenApi contract = operation.contract();
            contract.alternatives(contract.at(operation.schemaOf(status))).stream()
                    .map(schema -> always(new Bodies(contract).places(schema)))
                    .reduce((some, others) ->
                            some.stream().filter(others::contains).toList())
                    .orElse(List.of())
                    .forEach(path -> names.add(operation.id() + ": gives " + path));
        }
    }

    private static List<String> always(List<Place> places) {
        List<String> optional =
                places.stream().filter(Place::optional).map(Place::path).toList();
        return places.stream()
                .map(Place::path)
                .filter(path -> optional.stream().noneMatch(outer -> OrdinaryRequests.leadsTo(outer, path)))
                .toList();
    }
}
