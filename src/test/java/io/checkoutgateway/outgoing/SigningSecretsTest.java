package io.checkoutgateway.outgoing;

import static org.assertj.core.api.Assertions.assertThat;

import io.checkoutgateway.settings.Secret;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;

class SigningSecretsTest {
    /** The example of the specification's libraries. */
    private static final Secret KNOWN = Secret.of("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");

    @Test
    void sign_knownMessage_isTheKnownSignature() {
        SigningSecrets secrets = new SigningSecrets(List.of(KNOWN));

        assertThat(secrets.sign("msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, "{\"test\": 2432232314}"))
                .isEqualTo("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    @Test
    void sign_twoSecrets_signsWithBothNewestFirst() {
        Secret newest = SigningSecrets.draw(new SecureRandom());
        String both = new SigningSecrets(List.of(newest, KNOWN)).sign("msg_1", 1, "{}");

        assertThat(both.split(" "))
                .containsExactly(
                        new SigningSecrets(List.of(newest)).sign("msg_1", 1, "{}"),
                        new SigningSecrets(List.of(KNOWN)).sign("msg_1", 1, "{}"));
    }

    @Test
    void draw_isThirtyTwoRandomBytesThatAreNeverPrinted() {
        Secret drawn = SigningSecrets.draw(new SecureRandom());

        assertThat(drawn.reveal()).startsWith("whsec_");
        assertThat(Base64.getDecoder().decode(drawn.reveal().substring("whsec_".length())))
                .hasSize(32);
        assertThat(drawn).isNotEqualTo(SigningSecrets.draw(new SecureRandom()));
        assertThat(new SigningSecrets(List.of(drawn))).asString().doesNotContain(drawn.reveal());
    }
}
