package io.checkoutgateway.dropin;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** For which values a refusal is right. */
final class Values {
    private Values() {}

    static Predicate<JsonNode> any() {
        return value -> true;
    }

    static Predicate<JsonNode> missing() {
        return JsonNode::isMissingNode;
    }

    static Predicate<JsonNode> empty() {
        return value -> value.isTextual() && value.asText().isEmpty();
    }

    static Predicate<JsonNode> isWord(String... words) {
        return value -> Set.of(words).contains(value.asText());
    }

    /** As JSON Schema counts: in code points. */
    static Predicate<JsonNode> longerThan(int most) {
        return value -> value.isTextual()
                && value.asText().codePointCount(0, value.asText().length()) > most;
    }

    static Predicate<JsonNode> moreBytesThan(int most) {
        return value -> value.asText().getBytes(StandardCharsets.UTF_8).length > most;
    }

    static Predicate<JsonNode> notLike(String pattern) {
        Pattern good = Pattern.compile(pattern, Pattern.DOTALL);
        return value -> value.isTextual() && !good.matcher(value.asText()).matches();
    }

    /** Of an array or an object. */
    static Predicate<JsonNode> moreThan(int most) {
        return value -> value.isContainerNode() && value.size() > most;
    }

    /** Of a number in a query. */
    static Predicate<JsonNode> notBetween(long least, long most) {
        return value -> {
            BigInteger number = new BigInteger(value.asText());
            return number.compareTo(BigInteger.valueOf(least)) < 0 || number.compareTo(BigInteger.valueOf(most)) > 0;
        };
    }

    /** A text, or an object with a name, that Postgres cannot keep. */
    static Predicate<JsonNode> unstorable() {
        return value -> value.isTextual()
                ? value.asText().indexOf('\0') >= 0
                : value.properties().stream().anyMatch(member -> member.getKey().indexOf('\0') >= 0);
    }
}
