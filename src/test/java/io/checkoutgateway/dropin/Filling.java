package io.checkoutgateway.dropin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.checkoutgateway.dropin.Bodies.Place;
import java.util.Map;
import java.util.Random;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Fills a body as a caller would who knows what he does: words that mean something here, one item in each array and map.
 *
 * @param has which members that may be left out are there
 * @param fixed what stands at a place, whatever it would be otherwise
 * @param random chooses among the words that the schema lists; {@code null} for the first
 */
record Filling(Stage stage, Predicate<String> has, Map<String, JsonNode> fixed, @Nullable Random random)
        implements Bodies.Plan {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final String TEXT = "Text";

    @Override
    public boolean has(String place) {
        return has.test(place);
    }

    @Override
    public JsonNode leaf(Place place) {
        JsonNode given = fixed.get(place.path());
        if (given != null) {
            return given;
        }
        var words = place.words();
        if (!words.isEmpty()) {
            return words.get(random == null ? 0 : random.nextInt(words.size()));
        }
        return stage.word(place).orElseGet(() -> plain(place));
    }

    private static JsonNode plain(Place place) {
        return place.schema().path("type").asText().equals("string") ? JSON.textNode(TEXT) : JSON.numberNode(1);
    }

    @Override
    public int size(Place place) {
        return 1;
    }

    @Override
    public String name(Place map, int entry) {
        return "entry-" + entry;
    }
}
