package io.checkoutgateway.http;

import io.checkoutgateway.failure.GatewayException;
import io.checkoutgateway.failure.InvalidParameter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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
        List<InvalidParameter> broken = new ArrayList<>();
        collect(body, "", broken);
        if (!broken.isEmpty()) {
            throw GatewayException.invalid(broken);
        }
    }

    private static void collect(@Nullable Object value, String place, List<InvalidParameter> broken) {
        if (value instanceof String text && !storable(text)) {
            broken.add(InvalidParameter.inBody(place, RULE, REASON));
        } else if (value instanceof List<?> items) {
            for (int i = 0; i < items.size(); i++) {
                collect(items.get(i), inside(place, Integer.toString(i)), broken);
            }
        } else if (value instanceof Map<?, ?> members) {
            members.forEach((name, member) -> collectMember(String.valueOf(name), member, place, broken));
        }
    }

    /** A name that cannot be stored cannot be told either: its object is named instead. */
    private static void collectMember(
            String name, @Nullable Object value, String place, List<InvalidParameter> broken) {
        if (storable(name)) {
            collect(value, inside(place, name), broken);
        } else {
            broken.add(InvalidParameter.inBody(place, RULE, "has a member whose name " + REASON));
        }
    }

    private static String inside(String place, String name) {
        return place.isEmpty() ? name : place + "." + name;
    }
}
