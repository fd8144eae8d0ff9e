package io.checkoutgateway.http;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A schema's {@code pattern}, which looks anywhere in a text. One that only says what stands at each place, as that of a
 * ULID does, is tested without the engine for regular expressions, which takes several times as long.
 */
final class TextPattern {
    /** A set of characters, and how often it stands there. Nothing that has another meaning inside or outside brackets. */
    private static final Pattern PLACE = Pattern.compile("\\[((?:[0-9A-Za-z](?:-[0-9A-Za-z])?)+)](?:\\{(\\d{1,3})})?");

    private static final String BEGIN = "^";

    /** The end for good, as {@link Contract} writes it: a bare {@code $} would let a line end through. */
    private static final String END = "\\z";

    private TextPattern() {}

    /** Whether a text matches the pattern. */
    static Predicate<String> of(String pattern) {
        return placesOf(pattern)
                .<Predicate<String>>map(places -> text -> matches(text, places))
                .orElseGet(() -> Pattern.compile(pattern).asPredicate());
    }

    private static boolean matches(String text, List<BitSet> places) {
        if (text.length() != places.size()) {
            return false;
        }
        for (int i = 0; i < places.size(); i++) {
            if (!places.get(i).get(text.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    /** What may stand at each place; empty when the pattern says more than that. */
    private static Optional<List<BitSet>> placesOf(String pattern) {
        if (!pattern.startsWith(BEGIN) || !pattern.endsWith(END)) {
            return Optional.empty();
        }
        Matcher place = PLACE.matcher(pattern).region(BEGIN.length(), pattern.length() - END.length());
        List<BitSet> places = new ArrayList<>();
        while (place.lookingAt()) {
            int times = place.group(2) == null ? 1 : Integer.parseInt(place.group(2));
            BitSet allowed = setOf(place.group(1));
            for (int i = 0; i < times; i++) {
                places.add(allowed);
            }
            place.region(place.end(), pattern.length() - END.length());
        }
        return place.regionStart() == place.regionEnd() ? Optional.of(List.copyOf(places)) : Optional.empty();
    }

    private static BitSet setOf(String members) {
        BitSet set = new BitSet();
        for (int i = 0; i < members.length(); i++) {
            boolean range = i + 2 < members.length() && members.charAt(i + 1) == '-';
            set.set(members.charAt(i), (range ? members.charAt(i + 2) : members.charAt(i)) + 1);
            i += range ? 2 : 0;
        }
        return set;
    }
}
