package io.checkoutgateway.dropin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Bodies of a schema: which members they have and how they are filled is decided by a {@link Plan}. The places of a body
 * are dotted paths, {@code a.b}; {@code a[]} is an item of an array, {@code a.*} a value of a map.
 */
final class Bodies {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final OpenApi contract;

    Bodies(OpenApi contract) {
        this.contract = contract;
    }

    /** Decides what a body is like. */
    interface Plan {
        /** Whether the member that may be left out is there. */
        boolean has(String place);

        /** What a text, a number, a boolean or a word of a list is. */
        JsonNode leaf(Place place);

        /** How many items an array has, or how many entries a map. */
        int size(Place place);

        /** The name of an entry of a map. */
        String name(Place map, int entry);
    }

    /**
     * One place of a body.
     *
     * @param schema flat
     * @param optional whether the object around it is valid without it
     */
    record Place(String path, ObjectNode schema, boolean optional) {
        /** The words that the schema lists, as JSON; those of a boolean are its two values. */
        List<JsonNode> words() {
            List<JsonNode> words = new ArrayList<>();
            schema.path("enum").forEach(words::add);
            if (schema.path("type").asText().equals("boolean")) {
                words.addAll(List.of(JSON.booleanNode(true), JSON.booleanNode(false)));
            }
            return words;
        }

        boolean isLeaf() {
            return !isArray() && !isObject();
        }

        boolean isArray() {
            return schema.path("type").asText().equals("array");
        }

        boolean isObject() {
            return schema.path("type").asText().equals("object") && !schema.has("enum");
        }

        boolean isMap() {
            return isObject() && !schema.has("properties");
        }
    }

    /** The body that a plan asks for; its root has no alternatives. */
    JsonNode body(JsonNode schema, Plan plan) {
        return instance(new Place("", contract.flat(schema), false), plan);
    }

    private JsonNode instance(Place place, Plan plan) {
        if (place.isLeaf()) {
            return plan.leaf(place);
        }
        return place.isArray() ? array(place, plan) : place.isMap() ? map(place, plan) : object(place, plan);
    }

    private ObjectNode object(Place place, Plan plan) {
        ObjectNode object = JSON.objectNode();
        for (Place member : members(place)) {
            if (!member.optional() || plan.has(member.path())) {
                object.set(nameOf(member), instance(member, plan));
            }
        }
        return object;
    }

    private ArrayNode array(Place place, Plan plan) {
        ArrayNode array = JSON.arrayNode();
        for (int i = plan.size(place); i > 0; i--) {
            array.add(instance(inside(place).get(0), plan));
        }
        return array;
    }

    private ObjectNode map(Place place, Plan plan) {
        ObjectNode map = JSON.objectNode();
        int size = plan.size(place);
        for (int i = 0; i < size; i++) {
            map.set(plan.name(place, i), instance(inside(place).get(0), plan));
        }
        return map;
    }

    private static String nameOf(Place member) {
        return member.path().substring(member.path().lastIndexOf('.') + 1);
    }

    /** Every place below the root of a schema without alternatives. */
    List<Place> places(JsonNode schema) {
        List<Place> places = new ArrayList<>();
        gather(new Place("", contract.flat(schema), false), places);
        return places;
    }

    private void gather(Place place, List<Place> places) {
        for (Place below : inside(place)) {
            places.add(below);
            gather(below, places);
        }
    }

    private List<Place> inside(Place place) {
        if (place.isArray()) {
            return List.of(
                    new Place(place.path() + "[]", contract.flat(place.schema().path("items")), false));
        }
        if (place.isMap()) {
            JsonNode values = place.schema().path("additionalProperties");
            return values.isObject()
                    ? List.of(new Place(place.path() + ".*", contract.flat(values), false))
                    : List.of();
        }
        return place.isObject() ? members(place) : List.of();
    }

    private List<Place> members(Place place) {
        List<String> required = new ArrayList<>();
        place.schema().path("required").forEach(name -> required.add(name.asText()));
        return place.schema().path("properties").properties().stream()
                .map(member -> new Place(
                        place.path().isEmpty() ? member.getKey() : place.path() + "." + member.getKey(),
                        contract.flat(member.getValue()),
                        !required.contains(member.getKey())))
                .toList();
    }

    /** The places that a body has, and where the schema lists words, the words: {@code a.b} and {@code a.b = word}. */
    static Set<String> traces(JsonNode body, List<Place> places) {
        Set<String> traces = new TreeSet<>();
        for (Place place : places) {
            List<JsonNode> found = at(body, place.path());
            if (!found.isEmpty()) {
                traces.add(place.path());
            }
            found.stream().filter(place.words()::contains).forEach(word -> traces.add(trace(place, word)));
        }
        return traces;
    }

    static String trace(Place place, JsonNode word) {
        return place.path() + " = " + word.asText();
    }

    /** What stands at a place, which may be many things below arrays and maps. */
    static List<JsonNode> at(JsonNode body, String path) {
        List<JsonNode> found = List.of(body);
        for (String segment : path.replace("[]", ".[]").split("\\.")) {
            List<JsonNode> next = new ArrayList<>();
            for (JsonNode node : found) {
                if (segment.equals("[]") || segment.equals("*")) {
                    node.forEach(next::add);
                } else if (node.has(segment)) {
                    next.add(node.get(segment));
                }
            }
            found = next;
        }
        return found;
    }

    /** Lays the members of one body over those of another; where both have one, the upper's stays. */
    static JsonNode over(JsonNode upper, JsonNode lower) {
        if (!(upper instanceof ObjectNode above) || !(lower instanceof ObjectNode below)) {
            return upper;
        }
        ObjectNode both = below.deepCopy();
        above.properties()
                .forEach(member -> both.set(
                        member.getKey(),
                        both.has(member.getKey())
                                ? over(member.getValue(), both.get(member.getKey()))
                                : member.getValue()));
        return both;
    }
}
