package io.checkoutgateway.feed;

import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** When nothing is to come any more of what a session was for. */
class FeedEntryTest {
    @ParameterizedTest
    @CsvSource({
        "creating, , , false",
        "open, unpaid, , false",
        "open, no_payment_required, succeeded, false",
        "complete, unpaid, , false",
        "complete, paid, , true",
        "complete, no_payment_required, requires_payment_method, false",
        "complete, no_payment_required, processing, false",
        "complete, no_payment_required, succeeded, true",
        "complete, no_payment_required, canceled, true",
        "complete, no_payment_required, , true",
        "expired, unpaid, requires_payment_method, true",
        "failed, , , true",
    })
    void isFinal_ofWhatTheSessionIs_saysWhetherSomethingIsToCome(
            String status, @Nullable String payment, @Nullable String setupIntent, boolean end) {
        FeedEntry entry =
                new FeedEntry(1, "n", "s", 1, "checkout_session.updated", status, payment, setupIntent, null, "{}");

        assertThat(entry.isFinal()).isEqualTo(end);
    }
}
