package io.checkoutgateway.checkout;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What members of Stripe's objects say, and whether two say the same. A member that is {@code null} says as much as one
 * that is not there: Stripe adds members to objects that it made long ago, and they say nothing about them. Nor does one
 * that holds another kind of value than it should: it is kept with its object, and hinders nobody from reading the rest.
 */
public final class Members {
    /** The end of the year 9999: what is later is no time that anybody meant, nor one that texts of times can say. */
    private static final long SECONDS_MAX = 253_402_300_799L;

    private Members() {}

    /** The member's text; {@code null} where it says none. */
    public static @Nullable String text(JsonObject object, String name) {
        return object.getValue(name) instanceof String text ? text : null;
    }

    /** The member's number, without its fraction; {@code null} where it says none. */
    public static @Nullable Long number(JsonObject object, String name) {
        return object.getValue(name) instanceof Number number ? number.longValue() : null;
    }

    /** The time that the member says, in Unix seconds as Stripe's times are; {@code null} where it says none. */
    public static @Nullable Instant time(JsonObject object, String name) {
        Long seconds = number(object, name);
        return seconds != null && seconds >= 0 && seconds <= SECONDS_MAX ? Instant.ofEpochSecond(seconds) : null;
    }

    /** Whether the member says {@code true}. */
    public static boolean flag(JsonObject object, String name) {
        return Boolean.TRUE.equals(object.getValue(name));
    }

    /** The object that the member holds; an empty one where it holds none. */
    public static JsonObject object(JsonObject object, String name) {
        return object.getValue(name) instanceof JsonObject inner ? inner : new JsonObject();
    }

    /** The list that the member holds; an empty one where it holds none. */
    public static JsonArray list(JsonObject object, String name) {
        return object.getValue(name) instanceof JsonArray inner ? inner : new JsonArray();
    }

    /** The id that the member holds, or that of the object which stands there in its place. */
    public static @Nullable String reference(JsonObject object, String name) {
        return object.getValue(name) instanceof JsonObject expanded ? text(expanded, "id") : text(object, name);
    }

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
