package io.checkoutgateway.access.oidc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.OctetSequenceKey;
import io.checkoutgateway.settings.OidcSettings;
import io.checkoutgateway.testing.TestGateway;
import io.checkoutgateway.testing.TestIdentityProvider;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The provider's keys are fetched, and nothing that it answers does harm. */
class IdentityProviderTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(20);

    private final Vertx vertx = Vertx.vertx();
    private final TestIdentityProvider provider = TestIdentityProvider.start();

    @AfterEach
    void stop() {
        provider.close();
        TestGateway.await(vertx.close());
    }

    private JWKSet keys(@Nullable URI jwksUrl) {
        return TestGateway.await(new IdentityProvider(
                        vertx,
                        new OidcSettings(
                                provider.issuer(),
                                jwksUrl,
                                TestIdentityProvider.AUDIENCE,
                                "namespace",
                                Set.of("ES256"),
                                Duration.ZERO,
                                TIMEOUT,
                                TIMEOUT,
                                TIMEOUT))
                .keys());
    }

    @Test
    void keys_discovered_areThePublishedOnes() {
        assertThat(keys(null).getKeys()).extracting(JWK::getKeyID).containsExactly("ec-0", "rsa");
    }

    @Test
    void keys_ofAConfiguredUrl_needNoDiscovery() {
        provider.discover("nothing");

        assertThat(keys(URI.create(provider.issuer() + "/keys")).getKeys()).hasSize(2);
    }

    @Test
    void keys_symmetricOrWeakOnes_areLeftOut() {
        JWK secret = new OctetSequenceKey.Builder(new byte[32]).keyID("oct").build();
        JWK weak = TestIdentityProvider.rsa(1024, "weak");
        JWK good = TestIdentityProvider.ec("good");
        provider.publish(new JWKSet(List.of(secret, weak, good)).toString(false));

        assertThat(keys(null).getKeys()).extracting(JWK::getKeyID).containsExactly("good");
    }

    static Stream<Arguments> badAnswers() {
        return Stream.of(
                answer("an error", idp -> idp.answerWith(500)),
                answer("a redirect", idp -> idp.answerWith(302)),
                answer("no JSON", idp -> idp.publish("<html>")),
                answer("no keys", idp -> idp.publish("[]")),
                answer("no discovery", idp -> idp.discover("<html>")),
                answer("too much", idp -> idp.publish("{\"keys\": []}" + " ".repeat(IdentityProvider.BODY_MAX_BYTES))),
                answer(
                        "another issuer's discovery",
                        idp -> idp.discover(new JsonObject()
                                .put("issuer", "https://login.example")
                                .put("jwks_uri", idp.issuer() + "/keys")
                                .encode())),
                answer(
                        "keys without https",
                        idp -> idp.discover(new JsonObject()
                                .put("issuer", idp.issuer())
                                .put("jwks_uri", "http://login.example/keys")
                                .encode())));
    }

    private static Arguments answer(String name, Consumer<TestIdentityProvider> change) {
        return argumentSet(name, change);
    }

    @ParameterizedTest
    @MethodSource("badAnswers")
    void keys_badAnswer_failsInTime(Consumer<TestIdentityProvider> change) {
        change.accept(provider);

        assertThatThrownBy(() -> keys(null)).isInstanceOf(RuntimeException.class);
    }
}
