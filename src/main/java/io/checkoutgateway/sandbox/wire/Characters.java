package io.checkoutgateway.sandbox.wire;

/**
 * Characters as Stripe's limits mean them: code points. One outside of the Basic Multilingual Plane, such as an emoji, is
 * one character there and two units of a Java string.
 */
public final class Characters {
    private Characters() {}

    /** How many there are. */
    public static int count(String text) {
        return text.codePointCount(0, text.length());
    }

    /** The first so many of them, or all there are; never half of one. */
    public static String first(String text, int most) {
        return count(text) <= most ? text : text.substring(0, text.offsetByCodePoints(0, most));
    }
}
