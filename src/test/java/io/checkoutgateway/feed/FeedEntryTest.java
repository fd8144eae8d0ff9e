package io.checkoutgateway.feed;

import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** When nothing is to come any more of what a session was for. */
class FeedEntryTest {
    @ParameterizedTest
    @CsvSource({
        "setup, creating, , , false",
        "payment, open, unpaid, , false",
        "setup, open, no_payment_required, succeeded, false",
        "payment, complete, unpaid, , false",
        "payment, complete, paid, , true",
        "setup, complete, no_payment_required, requires_payment_method, false",
        "setup, complete, no_payment_required, processing, false",
        "setup, complete, no_payment_required, succeeded, true",
        "setup, complete, no_payment_required, canceled, true",
        "setup, complete, no_payment_required, , false",
        "subscription, complete, no_payment_required, , true",
        "setup, expired, unpaid, requires_payment_method, true",
        ", failed, , , true",
    })
    void isFinal_ofWhatTheSessionIs_saysWhetherSomethingIsToCome(
            @Nullable String mode, String status, @Nullable String payment, @Nullable String setupIntent, boolean end) {
        FeedEntry entry = new FeedEntry(
                1, "n", "s", 1, "checkout_session.updated", mode, status, payment, setupIntent, null, "{}");

        assertThat(entry.isFinal()).isEqualTo(end);
    }
}
