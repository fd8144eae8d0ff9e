package io.checkoutgateway.testing;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The members of request bodies that name a thing, of all operations of the published contract, those of tomorrow included. */
public final class PublishedBodies {
    private static final Pattern NAMES_A_THING = Pattern.compile("(.*_)?(id|ids|key|keys|account)");
    private static final String REF = "$ref";

    private final JsonObject contract;
    private final Set<String> found = new TreeSet<>();

    private PublishedBodies(JsonObject contract) {
        this.contract = contract;
    }

    /** Each as the operation's id, a blank, and the member's JSON pointer; {@code *} stands for the items of a list. */
    public static Set<String> membersThatNameAThing() {
        try (InputStream file = PublishedBodies.class.getResourceAsStream("/contract/openapi.json")) {
            JsonObject contract = new JsonObject(new String(
                    Objects.requireNonNull(file, "contract/openapi.json").readAllBytes(), StandardCharsets.UTF_8));
            PublishedBodies bodies = new PublishedBodies(contract);
            PublishedOperations.all().stream()
                    .filter(operation -> operation.needsCredential() && operation.body() != null)
                    .forEach(operation -> bodies.walk(
                            operation.id() + " ",
                            operation
                                    .description()
                                    .getJsonObject("requestBody")
                                    .getJsonObject("content")
                                    .getJsonObject("application/json")
                                    .getJsonObject("schema"),
                            Set.of()));
            return bodies.found;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** @param above the references on the way here, so that what contains itself ends */
    private void walk(String place, JsonObject schema, Set<String> above) {
        String ref = schema.getString(REF);
        if (ref != null) {
            if (!above.contains(ref)) {
                Set<String> deeper = new TreeSet<>(above);
                deeper.add(ref);
                walk(place, at(ref), deeper);
            }
            return;
        }
        schema.getJsonObject("properties", new JsonObject()).forEach(member -> {
            String inside = place + "/" + member.getKey();
            if (NAMES_A_THING.matcher(member.getKey()).matches()) {
                found.add(inside);
            }
            if (member.getValue() instanceof JsonObject of) {
                walk(inside, of, above);
            }
        });
        if (schema.getValue("items") instanceof JsonObject items) {
            walk(place + "/*", items, above);
        }
        parts(schema).forEach(part -> walk(place, part, above));
    }

    private static Stream<JsonObject> parts(JsonObject schema) {
        return Stream.concat(
                        List.of("allOf", "anyOf", "oneOf").stream()
                                .flatMap(word -> schema.getJsonArray(word, new JsonArray()).stream()),
                        Stream.of("then", "else").map(schema::getValue))
                .filter(JsonObject.class::isInstance)
                .map(JsonObject.class::cast);
    }

    private JsonObject at(String ref) {
        JsonObject place = contract;
        for (String step : ref.substring("#/".length()).split("/", -1)) {
            place = place.getJsonObject(step);
        }
        return place;
    }
}
