package io.checkoutgateway.stripe;

import static io.checkoutgateway.stripe.WebhookSignatureTest.BODY;
import static io.checkoutgateway.stripe.WebhookSignatureTest.SECONDS;
import static io.checkoutgateway.stripe.WebhookSignatureTest.SECRET;
import static io.checkoutgateway.stripe.WebhookSignatureTest.refusal;
import static io.checkoutgateway.stripe.WebhookSignatureTest.signed;
import static io.checkoutgateway.stripe.WebhookSignatureTest.v1;
import static org.assertj.core.api.Assertions.assertThat;

import io.checkoutgateway.failure.Reason;
import io.checkoutgateway.testing.Fuzz;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.NotEmpty;

/** What holds for every body and every header. */
class WebhookSignaturePropertyTest {

    @Property(tries = 200, seed = Fuzz.PROPERTY_SEED)
    void check_whatStripeSigns_isAccepted(@ForAll @NotEmpty String body) {
        String sent = new String(body.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);

        assertThat(refusal(signed(sent, SECRET, SECONDS), Buffer.buffer(sent), SECRET))
                .isNull();
    }

    @Property(tries = 200, seed = Fuzz.PROPERTY_SEED)
    void check_oneByteFlipped_isRefused(
            @ForAll @NotEmpty String body,
            @ForAll @IntRange(max = 1_000_000) int place,
            @ForAll @IntRange(max = 7) int bit) {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        String header = signed(new String(bytes, StandardCharsets.UTF_8), SECRET, SECONDS);
        bytes[place % bytes.length] ^= (byte) (1 << bit);

        assertThat(refusal(header, Buffer.buffer(bytes), SECRET)).isEqualTo(Reason.SIGNATURE_INVALID);
    }

    @Property(tries = 500, seed = Fuzz.PROPERTY_SEED)
    void check_anyHeader_isRefusedAndNeverThrowsElse(@ForAll String anything) {
        assertThat(refusal(anything, BODY, SECRET)).isEqualTo(Reason.SIGNATURE_INVALID);
        assertThat(refusal("t=" + anything + ",v1=" + v1(SECRET), BODY, SECRET)).isEqualTo(Reason.SIGNATURE_INVALID);
        assertThat(refusal("t=" + SECONDS + ",v1=" + anything, BODY, SECRET)).isEqualTo(Reason.SIGNATURE_INVALID);
    }
}
