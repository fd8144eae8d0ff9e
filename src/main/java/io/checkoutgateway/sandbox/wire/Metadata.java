package io.checkoutgateway.sandbox.wire;

import io.vertx.core.json.JsonObject;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The caller's own key-value pairs: at most 50, keys up to 40 characters, values up to 500 ("Metadata" guide). */
public final class Metadata {
    public static final int MAX_KEYS = 50;
    public static final int MAX_KEY = 40;
    public static final int MAX_VALUE = 500;

    private Metadata() {}

    /** Reads pairs; an empty value inside asks to remove that key, an empty whole asks to remove all. */
    public static Shape shape() {
        return (path, raw) -> {
            if (raw.equals("")) {
                return null;
            }
            JsonObject pairs = new JsonObject();
            Map<?, ?> sent = Shapes.branch(path, raw, "Invalid object");
            sent.forEach((key, value) -> pairs.put(key((String) key, path), value(value, path)));
            tooMany(pairs, path);
            return pairs;
        };
    }

    /**
     * What an object holds after an update.
     *
     * @param sent null to clear everything
     * @throws StripeError when the result has more than 50 keys
     */
    public static JsonObject merge(JsonObject current, @Nullable JsonObject sent) {
        if (sent == null) {
            return new JsonObject();
        }
        JsonObject merged = current.copy();
        sent.forEach(pair -> {
            if ("".equals(pair.getValue())) {
                merged.remove(pair.getKey());
            } else {
                merged.put(pair.getKey(), pair.getValue());
            }
        });
        tooMany(merged, "metadata");
        return merged;
    }

    private static String key(String key, String path) {
        if (Characters.count(key) > MAX_KEY) {
            throw StripeError.parameter(
                    "Metadata keys can be up to " + MAX_KEY + " characters, but you've passed in a key with "
                            + Characters.count(key) + " characters. Invalid key: " + key,
                    path);
        }
        return key;
    }

    private static String value(Object value, String path) {
        if (!(value instanceof String text)) {
            throw StripeError.parameter("Metadata values must be strings, but you've passed in an object.", path);
        }
        if (Characters.count(text) > MAX_VALUE) {
            throw StripeError.parameter(
                    "Metadata values can have up to " + MAX_VALUE + " characters, but you passed in a value that is "
                            + Characters.count(text) + " characters. Invalid value: " + Characters.first(text, MAX_KEY)
                            + "...",
                    path);
        }
        return text;
    }

    private static void tooMany(JsonObject pairs, String path) {
        if (pairs.size() > MAX_KEYS) {
            throw StripeError.parameter(
                    "Metadata can have up to " + MAX_KEYS + " keys, but you've set " + pairs.size()
                            + ". If you need to store more, consider a database of your own and keep its key here.",
                    path);
        }
    }
}
