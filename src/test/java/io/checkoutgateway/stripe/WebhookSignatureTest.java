package io.checkoutgateway.stripe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.stripe.net.Webhook;
import io.checkoutgateway.failure.GatewayException;
import io.checkoutgateway.failure.Reason;
import io.checkoutgateway.settings.Secret;
import io.checkoutgateway.testing.MovableClock;
import io.vertx.core.buffer.Buffer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class WebhookSignatureTest {
    private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");
    static final long SECONDS = NOW.getEpochSecond();
    static final Secret SECRET = Secret.of("whsec_current");
    private static final Secret OLD_SECRET = Secret.of("whsec_old");
    static final Buffer BODY = Buffer.buffer("{\"id\": \"evt_1\"}");

    private static final WebhookSignature SIGNATURE =
            new WebhookSignature(Duration.ofMinutes(5), Clock.fixed(NOW, ZoneOffset.UTC));

    /** As stripe-java itself signs. */
    static String signed(String body, Secret secret, long seconds) {
        try {
            return Webhook.Signature.generateSignatureHeader(body, secret.reveal(), seconds);
        } catch (java.security.GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    static String v1(Secret secret) {
        return signed(BODY.toString(), secret, SECONDS).split("v1=", 2)[1];
    }

    static @Nullable Reason refusal(@Nullable String header, Buffer body, Secret... secrets) {
        GatewayException refused =
                catchThrowableOfType(GatewayException.class, () -> SIGNATURE.check(header, body, List.of(secrets)));
        return refused == null ? null : refused.reason();
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(
            strings = {
                "",
                ",",
                "=",
                "t",
                "v1",
                "t,v1",
                "t=,v1=",
                "t=@",
                "v1=#",
                "t=abc,v1=#",
                "t=-@,v1=#",
                "t=+@,v1=#",
                "t=@.0,v1=#",
                "t=99999999999999999999,v1=#",
                "t=@,v0=#",
                "t=@,v1=zz",
                "t=@,v1=abc",
                "T=@,V1=#",
                "t=@;v1=#",
                "t=@,v1=\u0000"
            })
    void check_garbledHeader_isRefusedWithAReason(@Nullable String header) {
        String filled = header == null
                ? null
                : header.replace("@", Long.toString(SECONDS)).replace("#", v1(SECRET));

        assertThat(refusal(filled, BODY, SECRET)).isEqualTo(Reason.SIGNATURE_INVALID);
    }

    @Test
    void check_harmlessVariations_areAccepted() {
        String good = v1(SECRET);

        assertThat(refusal(" t = %d , v1 = %s ".formatted(SECONDS, good), BODY, SECRET))
                .isNull();
        assertThat(refusal("v1=%s,t=%d".formatted(good, SECONDS), BODY, SECRET)).isNull();
        assertThat(refusal("t=%d,v1=%s,v0=ff,v2=x".formatted(SECONDS, good), BODY, SECRET))
                .isNull();
        assertThat(refusal("t=%d,v1=%s".formatted(SECONDS, good.toUpperCase(Locale.ROOT)), BODY, SECRET))
                .isNull();
    }

    @Test
    void check_secretsRotate_anyLiveOneWillDo() {
        String both = "t=%d,v1=%s,v1=%s".formatted(SECONDS, v1(SECRET), v1(OLD_SECRET));
        String byOld = signed(BODY.toString(), OLD_SECRET, SECONDS);

        assertThat(refusal(both, BODY, SECRET)).isNull();
        assertThat(refusal(both, BODY, OLD_SECRET)).isNull();
        assertThat(refusal(byOld, BODY, SECRET, OLD_SECRET)).isNull();
        assertThat(refusal(byOld, BODY, SECRET)).isEqualTo(Reason.SIGNATURE_INVALID);
        assertThat(refusal(byOld, BODY)).isEqualTo(Reason.SIGNATURE_INVALID);
    }

    @ParameterizedTest
    @CsvSource({"-301, false", "-300, true", "0, true", "300, true", "301, false"})
    void check_tolerance_holdsInBothDirections(long offset, boolean accepted) {
        String header = signed(BODY.toString(), SECRET, SECONDS + offset);

        assertThat(refusal(header, BODY, SECRET)).isEqualTo(accepted ? null : Reason.SIGNATURE_TIMESTAMP);
    }

    /** Only who can sign learns anything about our clock. */
    @Test
    void check_oldAndForged_isForged() {
        String header = signed(BODY.toString(), OLD_SECRET, SECONDS - 10_000);

        assertThat(refusal(header, BODY, SECRET)).isEqualTo(Reason.SIGNATURE_INVALID);
    }

    @Test
    void check_tooManyElements_isRefusedBeforeAnythingIsComputed() {
        String twenty = "t=%d,v1=%s".formatted(SECONDS, v1(SECRET)) + ",v0=ff".repeat(18);

        assertThat(refusal(twenty, BODY, SECRET)).isNull();
        assertThat(refusal(twenty + ",v0=ff", BODY, SECRET)).isEqualTo(Reason.SIGNATURE_INVALID);
    }

    @Test
    void forgetUnused_secretThatWasRetired_isInMemoryNoMore() {
        MovableClock clock = new MovableClock();
        WebhookSignature signature = new WebhookSignature(Duration.ofMinutes(5), clock);
        checkWith(signature, clock, SECRET, OLD_SECRET);
        clock.advance(WebhookSignature.KEPT_UNUSED);
        checkWith(signature, clock, SECRET);
        signature.forgetUnused();
        assertThat(signature.holds(OLD_SECRET)).as("it may be live still").isTrue();
        clock.advance(Duration.ofSeconds(1));

        signature.forgetUnused();

        assertThat(signature.holds(OLD_SECRET)).isFalse();
        assertThat(signature.holds(SECRET)).as("it is in use").isTrue();
    }

    private static void checkWith(WebhookSignature signature, Clock clock, Secret... live) {
        String header = signed(BODY.toString(), SECRET, clock.instant().getEpochSecond());
        signature.check(header, BODY, List.of(live));
    }
}
