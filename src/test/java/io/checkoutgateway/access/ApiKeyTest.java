package io.checkoutgateway.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.checkoutgateway.testing.Fuzz;
import io.vertx.core.buffer.Buffer;
import java.security.SecureRandom;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class ApiKeyTest {
    private final ApiKey.Issued issued = ApiKey.issue(new SecureRandom());
    private final String text = issued.text().reveal();

    @Example
    void issue_parsedAgain_isTheSameKey() {
        assertThat(ApiKey.parse(text)).contains(issued.key());
        assertThat(text).startsWith(ApiKey.PREFIX).contains(issued.key().id());
    }

    @Example
    void issue_twice_hasNothingInCommon() {
        ApiKey.Issued other = ApiKey.issue(new SecureRandom());

        assertThat(other.key().id()).isNotEqualTo(issued.key().id());
        assertThat(other.key().sameSecret(issued.key().hash())).isFalse();
    }

    @Example
    void sameSecret_storedHash_provesPossession() {
        assertThat(issued.key().sameSecret(Buffer.buffer(issued.key().hash().getBytes())))
                .isTrue();
        assertThat(issued.key().sameSecret(Buffer.buffer())).isFalse();
    }

    @Example
    void toString_neverHoldsTheSecret() {
        assertThat(issued.toString()).doesNotContain(text.substring(text.lastIndexOf('_') + 1));
    }

    /** The checksum tells a mistyped key from an unknown one without asking the database. */
    @Property(tries = 300, seed = Fuzz.PROPERTY_SEED)
    void parse_oneCharacterChanged_isNoKey(@ForAll @IntRange(min = 0, max = 92) int place, @ForAll char other) {
        char known = text.charAt(place);
        String changed =
                text.substring(0, place) + (other == known ? (char) (known + 1) : other) + text.substring(place + 1);

        assertThat(text).hasSize(93);
        assertThat(ApiKey.parse(changed)).isEmpty();
    }

    @Property(tries = 300, seed = Fuzz.PROPERTY_SEED)
    void parse_anyText_neverThrows(@ForAll String anything) {
        assertThat(ApiKey.parse(anything)).isEmpty();
        assertThat(ApiKey.parse(ApiKey.PREFIX + anything)).isEmpty();
        assertThat(ApiKey.parse(text + anything).isPresent()).isEqualTo(anything.isEmpty());
    }
}
