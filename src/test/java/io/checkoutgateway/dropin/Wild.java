package io.checkoutgateway.dropin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.checkoutgateway.testing.Hostile;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;

/** Values that a schema allows and nobody expects. */
final class Wild {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    /** More than any text of Stripe's may have. */
    private static final int LONG = 5_001;

    private static final List<String> TEXTS = List.of(
            "",
            " ",
            "\0",
            "x".repeat(LONG),
            "😀",
            "ftp://shop.example/",
            "https://ada@shop.example/",
            "https://shop.example/done",
            "cus_1",
            "pm_1",
            "bpc_1",
            "sk_test_1",
            "auto",
            "es",
            "EUR",
            "text\nof two lines",
            "true");
    private static final List<String> NAMES =
            List.of("om_namespace", "gateway_session_id", "gateway_attempt", "kong", "_hidden", "");
    private static final List<Long> NUMBERS =
            List.of(0L, 1L, -1L, 60L, 1_001L, 1_000_000_000L, (long) Integer.MAX_VALUE, Long.MAX_VALUE, Long.MIN_VALUE);
    private static final int TRIES = 200;

    private Wild() {}

    /** A value for a leaf of a body that its schema allows; {@code ordinary} is one. */
    static JsonNode leaf(Random random, ObjectNode schema, JsonNode ordinary) {
        if (!schema.path("type").asText().equals("string") || schema.has("enum")) {
            return schema.path("type").asText().equals("integer") ? JSON.numberNode(number(random)) : ordinary;
        }
        for (int i = 0; i < TRIES; i++) {
            String text = schema.has("pattern") ? near(random, ordinary.asText()) : sized(random, schema);
            if (allows(schema, text)) {
                return JSON.textNode(text);
            }
        }
        return ordinary;
    }

    private static boolean allows(ObjectNode schema, String text) {
        int length = text.codePointCount(0, text.length());
        return length >= schema.path("minLength").asInt()
                && length <= schema.path("maxLength").asInt(Integer.MAX_VALUE)
                && (!schema.has("pattern")
                        || Pattern.compile(schema.path("pattern").asText())
                                .matcher(text)
                                .find());
    }

    /** As long or as short as the schema allows, in letters of one or of two chars, or any text. */
    private static String sized(Random random, ObjectNode schema) {
        int longest = schema.path("maxLength").asInt(LONG);
        return switch (random.nextInt(6)) {
            case 0 -> "😀".repeat(longest);
            case 1 -> "é".repeat(longest);
            case 2 -> "€".repeat(schema.path("minLength").asInt());
            default -> text(random);
        };
    }

    /** A text with a few other letters. */
    private static String near(Random random, String ordinary) {
        char[] letters = ordinary.toCharArray();
        for (int changes = 1 + random.nextInt(3); changes > 0 && letters.length > 0; changes--) {
            letters[random.nextInt(letters.length)] = (char) ('0' + random.nextInt(75));
        }
        return random.nextInt(4) == 0 ? new String(letters).substring(letters.length / 2) : new String(letters);
    }

    /** Any text that JSON and UTF-8 can carry. */
    static String text(Random random) {
        return random.nextBoolean()
                ? TEXTS.get(random.nextInt(TEXTS.size()))
                : Hostile.text(random).replaceAll("[\\ud800-\\udfff]", "");
    }

    /** The name of an entry of a map; no two of one map are the same. */
    static String name(Random random, int entry) {
        return switch (random.nextInt(8)) {
            case 0 -> entry == 0 ? NAMES.get(random.nextInt(NAMES.size())) : "kong-" + entry;
            case 1, 2 -> entry + text(random);
            default -> "entry-" + entry;
        };
    }

    /** Any number of 64 bits. */
    static Long number(Random random) {
        return random.nextInt(4) == 0 ? random.nextLong() : NUMBERS.get(random.nextInt(NUMBERS.size()));
    }

    /** How many things an array or a map has. */
    static int size(Random random, ObjectNode schema) {
        int least = schema.path("minItems").asInt();
        int most = Math.min(
                60, schema.path("maxItems").asInt(schema.path("maxProperties").asInt(60)));
        List<Integer> sizes = new ArrayList<>(List.of(least, 1, 2, most));
        return Math.max(least, sizes.get(random.nextInt(sizes.size())));
    }
}
