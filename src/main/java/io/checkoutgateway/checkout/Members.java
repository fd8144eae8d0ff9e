package io.checkoutgateway.checkout;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Whether two JSON values of Stripe's say the same. A member that is {@code null} says as much as one that is not there:
 * Stripe adds members to objects that it made long ago, and they say nothing about them.
 */
public final class Members {
    private Members() {}

    /** Whether both say the same; objects and lists member by member, numbers by their value. */
    public static boolean same(@Nullable Object one, @Nullable Object other) {
        if (one instanceof JsonObject object && other instanceof JsonObject another) {
            return names(object, another).stream()
                    .allMatch(name -> same(object.getValue(name), another.getValue(name)));
        }
        return one instanceof JsonArray list && other instanceof JsonArray another
                ? sameInOrder(list, another)
                : new JsonObject().put("it", one).equals(new JsonObject().put("it", other));
    }

    /** Of the members that one of the two has. */
    public static Set<String> names(JsonObject one, JsonObject other) {
        Set<String> names = new HashSet<>(one.fieldNames());
        names.addAll(other.fieldNames());
        return names;
    }

    private static boolean sameInOrder(JsonArray one, JsonArray other) {
        if (one.size() != other.size()) {
            return false;
        }
        for (int i = 0; i < one.size(); i++) {
            if (!same(one.getValue(i), other.getValue(i))) {
                return false;
            }
        }
        return true;
    }
}
