package io.checkoutgateway.http;

import io.checkoutgateway.failure.GatewayException;
import io.checkoutgateway.failure.InvalidParameter;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Refuses texts that JSON can write and nobody can keep: Postgres stores no NUL (PostgreSQL, "Character Types"), and
 * half of a surrogate pair has no UTF-8 form (RFC 8259, section 8.2).
 */
final class Characters {
    static final String RULE = "characters";
    static final String REASON = "must not hold a NUL character or half of a surrogate pair";

    private Characters() {}

    /** Whether the text can be stored and sent on. */
    static boolean storable(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean pair = Character.isHighSurrogate(c)
                    && i + 1 < text.length()
                    && Character.isLowSurrogate(text.charAt(i + 1));
            if (c == '\0' || (Character.isSurrogate(c) && !pair)) {
                return false;
            }
            i += pair ? 1 : 0;
        }
        return true;
    }

    /**
     * Looks at every text of a body.
     *
     * @param body maps, lists and values, as parsed
     * @throws GatewayException with every member whose name or value cannot be stored
     */
    static void check(Object body) {
        Set<InvalidParameter> broken = new LinkedHashSet<>();
        collect(body, new ArrayList<>(), broken);
        if (!broken.isEmpty()) {
            throw GatewayException.invalid(List.copyOf(broken));
        }
    }

    /** @param place the names that lead to the value; as it was when this is done */
    private static void collect(@Nullable Object value, List<String> place, Set<InvalidParameter> broken) {
        if (value instanceof String text && !storable(text)) {
            broken.add(InvalidParameter.inBody(place, RULE, REASON));
        } else if (value instanceof List<?> items) {
            for (int i = 0; i < items.size(); i++) {
                collectInside(Integer.toString(i), items.get(i), place, broken);
            }
        } else if (value instanceof Map<?, ?> members) {
            members.forEach((name, member) -> collectMember(String.valueOf(name), member, place, broken));
        }
    }

    /** A name that cannot be stored cannot be told either: its object is named instead, once. */
    private static void collectMember(
            String name, @Nullable Object value, List<String> place, Set<InvalidParameter> broken) {
        if (storable(name)) {
            collectInside(name, value, place, broken);
        } else {
            broken.add(InvalidParameter.inBody(place, RULE, "has a member whose name " + REASON));
        }
    }

    private static void collectInside(
            String name, @Nullable Object value, List<String> place, Set<InvalidParameter> broken) {
        place.add(name);
        collect(value, place, broken);
        place.remove(place.size() - 1);
    }
}
