package io.checkoutgateway.sandbox.wire;

import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The parameters of a request or of an object inside it; a name that is not listed is refused. Immutable. */
public final class Fields implements Shape {
    private final Map<String, Shape> shapes;
    private final List<String> required;

    private Fields(Map<String, Shape> shapes, List<String> required) {
        this.shapes = shapes;
        this.required = required;
    }

    public static Fields none() {
        return new Fields(Map.of(), List.of());
    }

    /** The same and one more that may come. */
    public Fields optional(String name, Shape shape) {
        Map<String, Shape> more = new LinkedHashMap<>(shapes);
        more.put(name, shape);
        return new Fields(more, required);
    }

    /** The same and one more that must come. */
    public Fields required(String name, Shape shape) {
        List<String> more = new ArrayList<>(required);
        more.add(name);
        return new Fields(optional(name, shape).shapes, more);
    }

    /** The same and all of another's. */
    public Fields and(Fields others) {
        Map<String, Shape> more = new LinkedHashMap<>(shapes);
        more.putAll(others.shapes);
        List<String> needed = new ArrayList<>(required);
        needed.addAll(others.required);
        return new Fields(more, needed);
    }

    /** Reads a whole request. */
    public JsonObject read(Map<String, Object> parameters) {
        return members("", parameters);
    }

    @Override
    public @Nullable JsonObject read(String path, Object raw) {
        return members(path, Shapes.branch(path, raw, "Invalid object"));
    }

    private JsonObject members(String path, Map<?, ?> sent) {
        unknown(path, sent);
        JsonObject values = new JsonObject();
        sent.forEach((name, raw) -> {
            String full = path.isEmpty() ? (String) name : path + "[" + name + "]";
            Shape shape = shapes.get(name);
            if (shape != null) {
                values.put((String) name, shape.read(full, raw));
            }
        });
        for (String name : required) {
            if (values.getValue(name) == null) {
                throw StripeError.missing(path.isEmpty() ? name : path + "[" + name + "]");
            }
        }
        return values;
    }

    private void unknown(String path, Map<?, ?> sent) {
        List<String> strangers = sent.keySet().stream()
                .map(String.class::cast)
                .filter(name -> !shapes.containsKey(name))
                .map(name -> path.isEmpty() ? name : path + "[" + name + "]")
                .toList();
        if (!strangers.isEmpty()) {
            String noun = strangers.size() == 1 ? "parameter: " : "parameters: ";
            throw StripeError.parameter("Received unknown " + noun + String.join(", ", strangers), strangers.get(0))
                    .code("parameter_unknown");
        }
    }
}
