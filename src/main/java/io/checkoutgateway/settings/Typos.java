package io.checkoutgateway.settings;

/** Tells a misspelt name from an unrelated one. */
final class Typos {
    /** Two edits: a swapped pair or a missing and a wrong letter. */
    private static final int EDITS_MAX = 2;

    /** Below this length two edits turn one sensible name into another. */
    private static final int LENGTH_MIN = 8;

    private Typos() {}

    static boolean near(String given, String known) {
        return given.length() >= LENGTH_MIN && distance(given, known) <= EDITS_MAX;
    }

    /** The Levenshtein distance, by the two-row method. */
    private static int distance(String left, String right) {
        int[] previous = new int[right.length() + 1];
        for (int column = 0; column <= right.length(); column++) {
            previous[column] = column;
        }
        for (int row = 1; row <= left.length(); row++) {
            int[] current = new int[right.length() + 1];
            current[0] = row;
            for (int column = 1; column <= right.length(); column++) {
                int replaced = previous[column - 1] + (left.charAt(row - 1) == right.charAt(column - 1) ? 0 : 1);
                current[column] = Math.min(replaced, 1 + Math.min(previous[column], current[column - 1]));
            }
            previous = current;
        }
        return previous[right.length()];
    }
}
