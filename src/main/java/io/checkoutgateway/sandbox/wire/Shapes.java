package io.checkoutgateway.sandbox.wire;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The shapes Stripe's parameters have; an empty value unsets a text and is refused by the others. */
public final class Shapes {
    /** Stripe's general limit for a string parameter. */
    public static final int MAX_TEXT = 5_000;

    private Shapes() {}

    /** A string of any use, at most 5000 characters. */
    public static Shape text() {
        return text(MAX_TEXT);
    }

    /** A string of at most that many characters. */
    public static Shape text(int maximum) {
        return (path, raw) -> {
            String text = string(path, raw);
            if (Characters.count(text) > maximum) {
                throw StripeError.parameter(
                        "Invalid string: " + abbreviated(text) + "; must be at most " + maximum + " characters", path);
            }
            return text.isEmpty() ? null : text;
        };
    }

    /** One of a closed set of words. */
    public static Shape choice(String... values) {
        List<String> allowed = List.of(values);
        return settable((path, raw) -> {
            if (!allowed.contains(string(path, raw))) {
                throw StripeError.parameter("Invalid " + path + ": must be one of " + either(allowed), path);
            }
            return raw;
        });
    }

    /** A signed 64-bit integer. */
    public static Shape whole() {
        return settable((path, raw) -> {
            try {
                return Long.valueOf(string(path, raw));
            } catch (NumberFormatException notWhole) {
                throw StripeError.parameter("Invalid integer: " + raw, path).code("parameter_invalid_integer");
            }
        });
    }

    /** An integer between two bounds, both allowed. */
    public static Shape whole(long least, long most) {
        Shape whole = whole();
        return (path, raw) -> {
            Long value = (Long) whole.read(path, raw);
            if (value != null && (value < least || value > most)) {
                String bound = value < least ? "greater than or equal to " + least : "less than or equal to " + most;
                throw StripeError.parameter("This value must be " + bound + ".", path)
                        .code("parameter_invalid_integer");
            }
            return value;
        };
    }

    /** {@code true} or {@code false}. */
    public static Shape flag() {
        return settable((path, raw) -> {
            String text = string(path, raw);
            if (!text.equals("true") && !text.equals("false")) {
                throw StripeError.parameter("Invalid boolean: " + text, path);
            }
            return Boolean.valueOf(text);
        });
    }

    /** An absolute http or https address, at most 5000 characters. */
    public static Shape url() {
        return settable((path, raw) -> {
            String text = string(path, raw);
            if (Characters.count(text) > MAX_TEXT) {
                throw StripeError.parameter("Invalid URL: URL must be " + MAX_TEXT + " characters or less.", path);
            }
            if (!isWebAddress(text)) {
                throw StripeError.parameter("Not a valid URL", path).code("url_invalid");
            }
            return text;
        });
    }

    /** A list with the indexes 0, 1, 2, …; an empty value is an empty list. */
    public static Shape list(Shape element, int maximum) {
        return (path, raw) -> {
            JsonArray values = new JsonArray();
            if (raw.equals("")) {
                return values;
            }
            Map<?, ?> elements = branch(path, raw, "Invalid array");
            if (elements.size() > maximum) {
                throw StripeError.parameter("Array must have at most " + maximum + " elements", path);
            }
            for (int i = 0; i < elements.size(); i++) {
                Object one = elements.get(Integer.toString(i));
                if (one == null) {
                    throw notSequential(path, elements, i);
                }
                values.add(element.read(path + "[" + i + "]", one));
            }
            return values;
        };
    }

    /** Whatever came, kept as strings, lists and objects: for corners whose content changes nothing here. */
    public static Shape open() {
        return (path, raw) -> raw.equals("") ? null : opened(raw);
    }

    /** The same shape, but an empty value unsets the parameter. */
    public static Shape orEmpty(Shape shape) {
        return (path, raw) -> raw.equals("") ? null : shape.read(path, raw);
    }

    /** An integer, or an object of the bounds gt, gte, lt and lte. */
    public static Shape range() {
        Fields bounds = Fields.none()
                .optional("gt", whole())
                .optional("gte", whole())
                .optional("lt", whole())
                .optional("lte", whole());
        return (path, raw) -> raw instanceof Map ? bounds.read(path, raw) : whole().read(path, raw);
    }

    static String string(String path, Object raw) {
        if (raw instanceof String text) {
            return text;
        }
        throw StripeError.parameter("Invalid string: " + abbreviated(raw.toString()), path);
    }

    static Map<?, ?> branch(String path, Object raw, String complaint) {
        if (raw instanceof Map<?, ?> map) {
            return map;
        }
        throw StripeError.parameter(complaint, path);
    }

    private static Shape settable(Shape shape) {
        return (path, raw) -> {
            if (raw.equals("")) {
                throw StripeError.parameter(
                                "You passed an empty string for '" + path
                                        + "'. We assume empty values are an attempt to "
                                        + "unset a parameter; however '" + path
                                        + "' cannot be unset. You should remove '"
                                        + path + "' from your request or supply a non-empty value.",
                                path)
                        .code("parameter_invalid_empty");
            }
            return shape.read(path, raw);
        };
    }

    private static @Nullable Object opened(Object raw) {
        if (!(raw instanceof Map<?, ?> map)) {
            return raw.equals("true") || raw.equals("false") ? Boolean.valueOf((String) raw) : raw;
        }
        boolean sequence = true;
        for (int i = 0; i < map.size() && sequence; i++) {
            sequence = map.containsKey(Integer.toString(i));
        }
        if (sequence) {
            JsonArray array = new JsonArray();
            map.values().forEach(value -> array.add(opened(value)));
            return array;
        }
        JsonObject object = new JsonObject();
        map.forEach((name, value) -> object.put((String) name, opened(value)));
        return object;
    }

    private static boolean isWebAddress(String text) {
        try {
            // Stripe's own placeholder has braces, which no URI may have.
            URI uri = new URI(text.replace("{CHECKOUT_SESSION_ID}", "CHECKOUT_SESSION_ID"));
            return uri.getHost() != null && ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()));
        } catch (URISyntaxException malformed) {
            return false;
        }
    }

    private static StripeError notSequential(String path, Map<?, ?> elements, int expected) {
        String keys = String.join(
                ", ", elements.keySet().stream().map(key -> "`" + key + "`").toList());
        return StripeError.parameter(
                "Invalid array: the keys of `" + path + "` must be numeric and sequential starting from 0. You passed "
                        + "the keys " + keys + ", we expected to have a key with the value `" + expected + "`.",
                path);
    }

    private static String either(List<String> values) {
        if (values.size() == 1) {
            return values.get(0);
        }
        String head = String.join(", ", values.subList(0, values.size() - 1));
        String last = values.get(values.size() - 1);
        return values.size() == 2 ? head + " or " + last : head + ", or " + last;
    }

    private static String abbreviated(String text) {
        return Characters.count(text) <= 100 ? text : Characters.first(text, 97) + "...";
    }
}
