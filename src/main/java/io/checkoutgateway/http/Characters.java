package io.checkoutgateway.http;

import com.fasterxml.jackson.databind.JsonNode;
import io.checkoutgateway.failure.GatewayException;
import io.checkoutgateway.failure.InvalidParameter;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

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

    /** @throws GatewayException with every member whose name or value cannot be stored */
    static void check(JsonNode body) {
        List<InvalidParameter> broken = new ArrayList<>();
        collect(body, "", broken);
        if (!broken.isEmpty()) {
            throw GatewayException.invalid(broken);
        }
    }

    private static void collect(JsonNode node, String place, List<InvalidParameter> broken) {
        if (node.isTextual() && !storable(node.textValue())) {
            broken.add(InvalidParameter.inBody(place, RULE, REASON));
        } else if (node.isArray()) {
            for (int i = 0; i < node.size(); i++) {
                collect(node.get(i), inside(place, Integer.toString(i)), broken);
            }
        } else if (node.isObject()) {
            for (Iterator<Map.Entry<String, JsonNode>> members = node.fields(); members.hasNext(); ) {
                collectMember(members.next(), place, broken);
            }
        }
    }

    /** A name that cannot be stored cannot be told either: its object is named instead. */
    private static void collectMember(Map.Entry<String, JsonNode> member, String place, List<InvalidParameter> broken) {
        if (storable(member.getKey())) {
            collect(member.getValue(), inside(place, member.getKey()), broken);
        } else {
            broken.add(InvalidParameter.inBody(place, RULE, "has a member whose name " + REASON));
        }
    }

    private static String inside(String place, String name) {
        return place.isEmpty() ? name : place + "." + name;
    }
}
