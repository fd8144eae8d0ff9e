package io.checkoutgateway.dropin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.checkoutgateway.dropin.Bodies.Place;
import io.checkoutgateway.testing.Fuzz;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Predicate;

/**
 * Requests of a caller who knows what he does: the smallest body, the largest, each member alone and left out, each word
 * of each list, texts at the edges of their length, and a mixture; each parameter and word of the query.
 */
final class OrdinaryRequests {
    private static final int MIXTURES = 40;

    private final Stage stage;

    OrdinaryRequests(Stage stage) {
        this.stage = stage;
    }

    List<Request> of(Described operation) {
        List<Request> requests = new ArrayList<>();
        if (operation.body().isPresent()) {
            bodies(operation, requests);
        } else if (!operation.parameters("query").isEmpty()) {
            requests.addAll(new Queries(operation).ordinary());
        } else {
            paths(operation, requests);
        }
        return requests;
    }

    private static void paths(Described operation, List<Request> requests) {
        for (JsonNode parameter : operation.parameters("path")) {
            operation.contract().flat(parameter.path("schema")).path("enum").forEach(word -> {
                Map<String, String> words = Map.of(parameter.path("name").asText(), word.asText());
                requests.add(new Request(operation, "a word in the path", words, "", null));
            });
        }
        if (requests.isEmpty()) {
            requests.add(Request.of(operation, "no body"));
        }
    }

    private void bodies(Described operation, List<Request> requests) {
        OpenApi contract = operation.contract();
        for (ObjectNode schema :
                contract.alternatives(contract.at(operation.body().orElseThrow()))) {
            for (JsonNode base : stage.bases(operation)) {
                new OfOneSchema(operation, schema, base, requests).add();
            }
        }
    }

    /** The requests of one alternative over one base. */
    private final class OfOneSchema {
        private final Described operation;
        private final Bodies bodies;
        private final ObjectNode schema;
        private final JsonNode base;
        private final List<Request> requests;

        OfOneSchema(Described operation, ObjectNode schema, JsonNode base, List<Request> requests) {
            this.operation = operation;
            this.bodies = new Bodies(operation.contract());
            this.schema = schema;
            this.base = base;
            this.requests = requests;
        }

        void add() {
            add("the least", place -> false);
            add("everything", place -> true);
            for (Place place : bodies.places(schema)) {
                members(place);
                words(place);
                edges(place);
            }
            for (int i = 0; i < MIXTURES; i++) {
                Random random = Fuzz.random(operation.id(), i);
                add("mixture " + i, new Filling(stage, place -> random.nextBoolean(), Map.of(), random));
            }
        }

        private void members(Place place) {
            if (place.optional()) {
                add("only " + place.path(), upTo(place));
                add("all but " + place.path(), other -> !leadsTo(place.path(), other));
            }
        }

        private void words(Place place) {
            for (JsonNode word : place.words()) {
                Map<String, JsonNode> fixed = Map.of(place.path(), word);
                add(Bodies.trace(place, word), new Filling(stage, upTo(place), fixed, null));
                add("everything, " + Bodies.trace(place, word), new Filling(stage, any -> true, fixed, null));
            }
        }

        private void edges(Place place) {
            if (!place.isLeaf() || place.schema().has("pattern") || place.path().endsWith("]")) {
                return;
            }
            for (String limit : List.of("minLength", "maxLength")) {
                int length = place.schema().path(limit).asInt();
                if (length > 0) {
                    JsonNode text = JsonNodeFactory.instance.textNode("é".repeat(length));
                    add(
                            place.path() + " of " + length,
                            new Filling(stage, upTo(place), Map.of(place.path(), text), null));
                }
            }
        }

        private void add(String what, Predicate<String> has) {
            add(what, new Filling(stage, has, Map.of(), null));
        }

        private void add(String what, Filling filling) {
            requests.add(Request.of(operation, what).with(Bodies.over(bodies.body(schema, filling), base)));
        }
    }

    /** A place, what it is in, and nothing else. */
    static Predicate<String> upTo(Place place) {
        return other -> leadsTo(other, place.path());
    }

    /** Whether the second place is the first, or in it. */
    static boolean leadsTo(String outer, String inner) {
        return inner.equals(outer) || inner.startsWith(outer + ".") || inner.startsWith(outer + "[");
    }
}
