package io.checkoutgateway.settings;

import java.util.Optional;

/** Reads the part of an international label that follows {@code xn--}. (RFC 3492, sections 5, 6.1 and 6.2.) */
final class Punycode {
    private static final int BASE = 36;
    private static final int T_MIN = 1;
    private static final int T_MAX = 26;
    private static final int SKEW = 38;
    private static final int DAMP = 700;
    private static final int BIAS = 72;
    private static final int FIRST_CODE = 0x80;

    private final String encoded;
    private final StringBuilder decoded;
    private int place;
    private int bias = BIAS;

    private Punycode(String encoded) {
        int delimiter = encoded.lastIndexOf('-');
        this.encoded = encoded;
        this.decoded = new StringBuilder(encoded.substring(0, Math.max(0, delimiter)));
        this.place = delimiter + 1;
    }

    /** The label in Unicode; empty when this is no encoding of anything. */
    static Optional<String> decoded(String encoded) {
        try {
            return Optional.of(new Punycode(encoded).decode());
        } catch (IllegalArgumentException | ArithmeticException | IndexOutOfBoundsException broken) {
            return Optional.empty();
        }
    }

    private String decode() {
        int code = FIRST_CODE;
        int position = 0;
        int count = decoded.codePointCount(0, decoded.length());
        while (place < encoded.length()) {
            int before = position;
            position = Math.addExact(position, delta());
            count++;
            adapt(position - before, count, before == 0);
            code = Math.addExact(code, position / count);
            position %= count;
            if (Character.getType(code) == Character.SURROGATE) {
                throw new IllegalArgumentException("half a pair");
            }
            decoded.insert(decoded.offsetByCodePoints(0, position), Character.toString(code));
            position++;
        }
        return decoded.toString();
    }

    /** A generalized variable-length integer. */
    private int delta() {
        int delta = 0;
        int weight = 1;
        for (int k = BASE; ; k += BASE) {
            int digit = digit(encoded.charAt(place++));
            delta = Math.addExact(delta, Math.multiplyExact(digit, weight));
            int threshold = Math.max(T_MIN, Math.min(T_MAX, k - bias));
            if (digit < threshold) {
                return delta;
            }
            weight = Math.multiplyExact(weight, BASE - threshold);
        }
    }

    private static int digit(char character) {
        int value = Character.digit(character, BASE);
        if (value < 0) {
            throw new IllegalArgumentException("no digit");
        }
        // Letters come first here; Java's digits begin with the numerals.
        return value < 10 ? value + 26 : value - 10;
    }

    private void adapt(int delta, int count, boolean first) {
        int rest = first ? delta / DAMP : delta / 2;
        rest += rest / count;
        int k = 0;
        while (rest > (BASE - T_MIN) * T_MAX / 2) {
            rest /= BASE - T_MIN;
            k += BASE;
        }
        bias = k + (BASE - T_MIN + 1) * rest / (rest + SKEW);
    }
}
