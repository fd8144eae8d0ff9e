package io.checkoutgateway.settings;

import java.text.Normalizer;
import java.util.Arrays;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Full domain names in ASCII, as far as browsers (WHATWG, "URL Standard", host parsing) and RFC 3986 read them alike: no
 * address in any notation, no dot at the end, no underscore, and international labels that browsers can read.
 */
public final class HostName {
    /** RFC 1035, section 2.3.4, less the root's dot. */
    private static final int LENGTH_MAX = 253;

    private static final Pattern LABEL = Pattern.compile("[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?");

    private static final String INTERNATIONAL = "xn--";

    /** Names that mean something else in each network. (RFC 6761, 6762 and 8375; ICANN resolution 2024.07.29.06.) */
    private static final Set<String> PRIVATE_ENDINGS = Set.of("localhost", "local", "internal", "home.arpa");

    private HostName() {}

    /** Whether this is such a name, of at least two labels. */
    public static boolean isValid(String text) {
        String[] labels = text.split("\\.", -1);
        // A last label that begins with a digit may be read as a number, and the whole as an address.
        return text.length() <= LENGTH_MAX
                && labels.length >= 2
                && Arrays.stream(labels).allMatch(HostName::isLabel)
                && Character.isLetter(labels[labels.length - 1].charAt(0));
    }

    private static boolean isLabel(String label) {
        if (!LABEL.matcher(label).matches()) {
            return false;
        }
        return !label.toLowerCase(Locale.ROOT).startsWith(INTERNATIONAL)
                || isReadable(label.toLowerCase(Locale.ROOT).substring(INTERNATIONAL.length()));
    }

    /** Browsers refuse labels that decode to nothing new, or to characters that would have been written another way. */
    private static boolean isReadable(String encoded) {
        return Punycode.decoded(encoded)
                .filter(text -> text.chars().anyMatch(character -> character >= 0x80))
                .filter(text -> Normalizer.normalize(text, Normalizer.Form.NFKC).equals(text))
                .filter(text -> firstUnfit(text).isEmpty())
                .isPresent();
    }

    private static OptionalInt firstUnfit(String text) {
        return text.codePoints()
                .filter(point -> !Character.isLetterOrDigit(point)
                                && point != '-'
                                && Character.getType(point) != Character.NON_SPACING_MARK
                                && Character.getType(point) != Character.COMBINING_SPACING_MARK
                                && Character.getType(point) != Character.OTHER_SYMBOL
                        || Character.toLowerCase(point) != point)
                .findFirst();
    }

    /** Whether a valid name may be known outside of one network or machine. */
    public static boolean isPublic(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return PRIVATE_ENDINGS.stream().noneMatch(ending -> lower.equals(ending) || lower.endsWith("." + ending));
    }
}
