package io.checkoutgateway.sandbox.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.checkoutgateway.testing.Fuzz;
import io.checkoutgateway.testing.Hostile;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Every text is a tree of limited depth, or a mistake in Stripe's words. */
class BracketFormFuzzTest {
    private static final String GOOD =
            "mode=setup&metadata[a]=1&line_items[0][price]=p&line_items[0][quantity]=2&expand[]=a&expand[]=b";

    @Test
    void anyForm_isReadOrRefusedInStripesWords() {
        Fuzz.each("bracket form", random -> {
            String form = random.nextInt(4) == 0 ? Hostile.text(random) : Hostile.bent(random, GOOD);
            try {
                assertThat(depth(BracketForm.parse(form))).isLessThanOrEqualTo(BracketForm.MAX_DEPTH);
            } catch (StripeError refused) {
                assertThat(refused.status()).isEqualTo(400);
            }
        });
    }

    private static int depth(Object value) {
        return value instanceof Map<?, ?> map
                ? 1
                        + map.values().stream()
                                .mapToInt(BracketFormFuzzTest::depth)
                                .max()
                                .orElse(0)
                : 0;
    }
}
