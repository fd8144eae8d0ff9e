package io.checkoutgateway.stripe;

import static io.checkoutgateway.stripe.WebhookSignatureTest.BODY;
import static io.checkoutgateway.stripe.WebhookSignatureTest.SECONDS;
import static io.checkoutgateway.stripe.WebhookSignatureTest.SECRET;
import static io.checkoutgateway.stripe.WebhookSignatureTest.refusal;
import static io.checkoutgateway.stripe.WebhookSignatureTest.signed;
import static io.checkoutgateway.stripe.WebhookSignatureTest.v1;
import static org.assertj.core.api.Assertions.assertThat;

import io.checkoutgateway.failure.Reason;
import io.checkoutgateway.settings.Secret;
import io.checkoutgateway.testing.Fuzz;
import io.checkoutgateway.testing.Hostile;
import io.vertx.core.buffer.Buffer;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Whatever is taken holds the right time and the right signature. */
class WebhookSignatureFuzzTest {
    private static String header(Random random) {
        return switch (random.nextInt(4)) {
            case 0 -> Hostile.text(random);
            case 1 -> "t=" + Hostile.text(random) + ",v1=" + v1(SECRET);
            default -> Hostile.bent(random, signed(BODY.toString(), SECRET, SECONDS));
        };
    }

    @Test
    void anyHeader_isTakenOnlyWithTheRightSignature() {
        Fuzz.each("signature header", random -> {
            String header = header(random);
            if (refusal(header, BODY, SECRET) == null) {
                assertThat(header.toLowerCase(Locale.ROOT)).contains("t", Long.toString(SECONDS), v1(SECRET));
            }
        });
    }

    @Test
    void anyBody_thatIsNotTheSignedOne_isRefused() {
        String signed = signed(BODY.toString(), SECRET, SECONDS);
        Fuzz.each("signed body", random -> {
            String body = Hostile.bent(random, BODY.toString());
            if (!body.equals(BODY.toString())) {
                assertThat(refusal(signed, Buffer.buffer(body), SECRET, Secret.of("whsec_other")))
                        .isEqualTo(Reason.SIGNATURE_INVALID);
            }
        });
    }
}
