package io.checkoutgateway.sandbox.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.stripe.net.FormEncoder;
import io.checkoutgateway.testing.Fuzz;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class BracketFormRoundTripTest {

    /** What Stripe's own encoder writes is what we read. */
    @Property(seed = Fuzz.PROPERTY_SEED)
    void parse_whatStripeJavaEncodes_isTheSameTree(@ForAll("trees") Map<String, Object> tree) {
        assertThat(BracketForm.parse(FormEncoder.createQueryString(tree))).isEqualTo(asMaps(tree));
    }

    @Provide
    Arbitrary<Map<String, Object>> trees() {
        Arbitrary<String> names = Arbitraries.strings()
                .alpha()
                .numeric()
                .withChars("_-. é")
                .ofMinLength(1)
                .ofMaxLength(8);
        Arbitrary<Object> leaf = Arbitraries.strings().ofMaxLength(12).map(text -> text);
        Arbitrary<Object> list = leaf.list().ofMinSize(1).ofMaxSize(3).map(values -> values);
        Arbitrary<Object> inner = Arbitraries.maps(names, Arbitraries.oneOf(leaf, list))
                .ofMinSize(1)
                .ofMaxSize(3)
                .map(map -> map);
        Arbitrary<Object> objects = inner.list().ofMinSize(1).ofMaxSize(2).map(values -> values);
        return Arbitraries.maps(names, Arbitraries.oneOf(leaf, list, inner, objects))
                .ofMaxSize(4);
    }

    private static Object asMaps(Object value) {
        if (value instanceof Map<?, ?> map) {
            return map.entrySet().stream()
                    .collect(Collectors.toMap(Map.Entry::getKey, entry -> asMaps(entry.getValue())));
        }
        if (value instanceof List<?> list) {
            Map<String, Object> indexed = new LinkedHashMap<>();
            list.forEach(element -> indexed.put(Integer.toString(indexed.size()), asMaps(element)));
            return indexed;
        }
        return value;
    }
}
