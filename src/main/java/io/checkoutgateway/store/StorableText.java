package io.checkoutgateway.store;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Texts as Postgres can keep them. Its {@code text} and {@code jsonb} have no zero character, which JSON has; whatever
 * people typed at Stripe must be kept all the same, so that character becomes U+FFFD, the replacement character, on its
 * way into every statement. Bytes stay as they are: an event's body still has what Stripe wrote. (PostgreSQL, "Character
 * Types" and "JSON Types".)
 */
final class StorableText {
    private static final char ZERO = '\0';
    private static final char REPLACEMENT = '\uFFFD';

    private StorableText() {}

    /** The value itself where it holds no such character. */
    static @Nullable Object of(@Nullable Object value) {
        return value != null && hasZero(value) ? replaced(value) : value;
    }

    private static boolean hasZero(@Nullable Object value) {
        if (value instanceof String text) {
            return text.indexOf(ZERO) >= 0;
        }
        if (value instanceof JsonObject object) {
            return hasZero(object.getMap());
        }
        if (value instanceof JsonArray array) {
            return hasZero(array.getList());
        }
        if (value instanceof Map<?, ?> map) {
            return map.entrySet().stream().anyMatch(entry -> hasZero(entry.getKey()) || hasZero(entry.getValue()));
        }
        if (value instanceof List<?> list) {
            return list.stream().anyMatch(StorableText::hasZero);
        }
        return value instanceof Object[] array && hasZero(Arrays.asList(array));
    }

    private static @Nullable Object replaced(@Nullable Object value) {
        if (value instanceof String text) {
            return text.replace(ZERO, REPLACEMENT);
        }
        if (value instanceof JsonObject object) {
            return replaced(object);
        }
        if (value instanceof JsonArray array) {
            JsonArray storable = new JsonArray();
            array.forEach(element -> storable.add(replaced(element)));
            return storable;
        }
        if (value instanceof Object[] array) {
            Object[] storable = array.clone();
            Arrays.setAll(storable, i -> replaced(array[i]));
            return storable;
        }
        return value;
    }

    private static JsonObject replaced(JsonObject object) {
        JsonObject storable = new JsonObject();
        object.forEach(member -> storable.put((String) replaced(member.getKey()), replaced(member.getValue())));
        return storable;
    }
}
