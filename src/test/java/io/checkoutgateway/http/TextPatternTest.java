package io.checkoutgateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.checkoutgateway.testing.Fuzz;
import java.util.regex.Pattern;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Whatever a pattern says, it says the same as the engine for regular expressions. */
class TextPatternTest {
    private static final String ULID = "^[0-7][0-9A-HJKMNP-TV-Z]{25}\\z";

    @Property(seed = Fuzz.PROPERTY_SEED)
    void of_placesOnly_isWhatTheEngineSays(@ForAll("texts") String text, @ForAll("patterns") String pattern) {
        assertThat(TextPattern.of(pattern).test(text))
                .isEqualTo(Pattern.compile(pattern).matcher(text).find());
    }

    @Provide
    static Arbitrary<String> patterns() {
        return Arbitraries.of(
                ULID,
                "^[A-Z]{3}\\z",
                "^[A-Z]{3}$",
                "^[ab]\\z",
                "^\\z",
                "^[a-c0-2]{2}[x]\\z",
                "[A-Z]{3}",
                "^[^a]{3}\\z",
                "^[a-z]+\\z",
                "^[A-Z]{1,3}\\z",
                "^cs_[a-z]{2}\\z");
    }

    @Provide
    static Arbitrary<String> texts() {
        Arbitrary<String> near =
                Arbitraries.strings().withChars("abcxABC0123IL_-\n\u00e9\u0131").ofMaxLength(4);
        Arbitrary<String> ulids = Arbitraries.strings()
                .withChars("0123456789ABCDEFGHJKMNPQRSTVWXYZ")
                .ofMinLength(25)
                .ofMaxLength(27);
        return Arbitraries.oneOf(
                near, ulids, ulids.map(text -> text.replace('A', 'I')), ulids.map(text -> text + "\n"));
    }
}
