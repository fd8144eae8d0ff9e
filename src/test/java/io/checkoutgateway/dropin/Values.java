package io.checkoutgateway.dropin;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Currency;
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

    /** A word that is not in this list of our contract: a schema that has an {@code enum}. */
    static Predicate<JsonNode> notOneOfOurs(String schema) {
        JsonNode words = OwnContract.read().at("/components/schemas/" + schema + "/enum");
        if (words.isEmpty()) {
            throw new IllegalStateException(schema + " has no enum");
        }
        return value -> value.isTextual() && !contains(words, value);
    }

    private static boolean contains(JsonNode list, JsonNode value) {
        for (JsonNode each : list) {
            if (each.equals(value)) {
                return true;
            }
        }
        return false;
    }

    /** A text of which only Stripe can tell that it names no currency. */
    static Predicate<JsonNode> notACurrency() {
        return value -> Currency.getAvailableCurrencies().stream()
                .noneMatch(known -> known.getCurrencyCode().equalsIgnoreCase(value.asText()));
    }

    /** A point in time, in seconds of the epoch, that is not so far ahead. */
    static Predicate<JsonNode> notAhead(Duration least, Duration most) {
        return value -> {
            Instant now = Instant.now();
            return notBetween(now.plus(least).getEpochSecond(), now.plus(most).getEpochSecond())
                    .test(value);
        };
    }

    /** As JSON Schema counts: in code points. */
    static Predicate<JsonNode> longerThan(int most) {
        return value -> value.isTextual()
                && value.asText().codePointCount(0, value.asText().length()) > most;
    }

    /** As UTF-16 counts, in which letters beyond its first plane are two. */
    static Predicate<JsonNode> moreCharsThan(int most) {
        return value -> value.asText().length() > most;
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
