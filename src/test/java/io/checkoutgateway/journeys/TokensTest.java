package io.checkoutgateway.journeys;

import static io.checkoutgateway.testing.TestGateway.NAMESPACE;
import static io.checkoutgateway.testing.TestIdentityProvider.header;
import static io.checkoutgateway.testing.TestIdentityProvider.sign;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import io.checkoutgateway.testing.ContractClient;
import io.checkoutgateway.testing.ContractClient.Answer;
import io.checkoutgateway.testing.TestGateway;
import io.checkoutgateway.testing.TestIdentityProvider;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A token opens what its scopes say, in the namespace that it names, when the right issuer signed it for this gateway. */
class TokensTest {
    private static final String SESSIONS = "/api/v1/checkout-sessions";

    private static TestIdentityProvider provider;
    private static TestGateway gateway;

    @BeforeAll
    static void start() {
        provider = TestIdentityProvider.start();
        gateway = TestGateway.start(provider.settings());
        Awaitility.await().until(() -> status(provider.token(NAMESPACE, "admin")) == 200);
    }

    @AfterEach
    void providerIsWell() {
        provider.answerWith(200);
    }

    @AfterAll
    static void stop() {
        gateway.close();
        provider.close();
    }

    private static ContractClient client(String token) {
        return new ContractClient(gateway.url(), token);
    }

    private static int status(String token) {
        return client(token).get(SESSIONS).status();
    }

    private static JWTClaimsSet.Builder good() {
        return provider.claims(NAMESPACE, "sessions:read");
    }

    private static Date in(int seconds) {
        return Date.from(Instant.now().plusSeconds(seconds));
    }

    private static Arguments token(String name, Function<TestIdentityProvider, String> token) {
        return argumentSet(name, token);
    }

    private static Arguments saying(String name, Function<JWTClaimsSet.Builder, JWTClaimsSet.Builder> change) {
        return token(name, idp -> idp.token(change.apply(good()).build()));
    }

    static Stream<Arguments> goodTokens() {
        return Stream.of(
                saying("plain", claims -> claims),
                saying(
                        "several audiences",
                        claims -> claims.audience(List.of("another", TestIdentityProvider.AUDIENCE))),
                saying("just expired, within the leeway", claims -> claims.expirationTime(in(-10))),
                saying("just about to be valid, within the leeway", claims -> claims.notBeforeTime(in(10))),
                saying("scopes as an array", claims -> claims.claim("scope", List.of("openid", "sessions:read"))),
                saying("scopes in scp", claims -> claims.claim("scope", null).claim("scp", List.of("sessions:write"))),
                saying("words of other services", claims -> claims.claim("scope", "openid email sessions:read")),
                token("signed with RSA", idp -> idp.rsaToken(JWSAlgorithm.RS256, good().build())),
                token(
                        "an access token by RFC 9068",
                        idp -> sign(
                                header(idp.signingKey())
                                        .type(new JOSEObjectType("at+jwt"))
                                        .build(),
                                good().build(),
                                idp.signingKey())),
                token(
                        "without a key id",
                        idp -> sign(new JWSHeader(JWSAlgorithm.ES256), good().build(), idp.signingKey())));
    }

    @ParameterizedTest
    @MethodSource("goodTokens")
    void request_goodToken_isLetIn(Function<TestIdentityProvider, String> token) {
        client(token.apply(provider)).get(SESSIONS).expect(200);
    }

    static Stream<Arguments> badTokens() {
        return Stream.of(
                saying("expired", claims -> claims.expirationTime(in(-60))),
                saying("without an end", claims -> claims.expirationTime(null)),
                saying("not valid yet", claims -> claims.notBeforeTime(in(60))),
                saying("of another issuer", claims -> claims.issuer("https://login.example")),
                saying("of no issuer", claims -> claims.issuer(null)),
                saying("for another audience", claims -> claims.audience("another")),
                saying("for no audience", claims -> claims.audience((String) null)),
                saying("of nobody", claims -> claims.subject(null)),
                saying("of a blank", claims -> claims.subject(" ")),
                saying("of a name with a line end", claims -> claims.subject("billing\nadmin")),
                saying("of a name too long", claims -> claims.subject("x".repeat(256))),
                saying("of no namespace", claims -> claims.claim("namespace", null)),
                saying("of two namespaces", claims -> claims.claim("namespace", List.of(NAMESPACE, "other"))),
                saying("of what is no namespace", claims -> claims.claim("namespace", "Not A Name")),
                saying("of an empty namespace", claims -> claims.claim("namespace", "")),
                token("garbage", idp -> "a.b.c"),
                token("garbage in base 64", idp -> "e30.e30.e30"),
                token("two parts", idp -> idp.token(good().build()).replaceFirst("\\.[^.]*$", "")),
                token("cut", idp -> cut(idp.token(good().build()))),
                token("other words, same signature", idp -> forged(idp)),
                token("unsigned", idp -> new PlainJWT(good().build()).serialize()),
                token("signed with the public key as a password", idp -> withPassword(idp)),
                token("an algorithm that is not allowed", idp -> idp.rsaToken(JWSAlgorithm.RS512, good().build())),
                token("another key of the same name", TokensTest::byAStranger),
                token(
                        "of an unknown key",
                        idp -> sign(
                                header(TestIdentityProvider.ec("unknown")).build(),
                                good().build(),
                                TestIdentityProvider.ec("unknown"))),
                token(
                        "of another kind",
                        idp -> sign(
                                header(idp.signingKey())
                                        .type(new JOSEObjectType("logout+jwt"))
                                        .build(),
                                good().build(),
                                idp.signingKey())),
                token(
                        "with a demand that is not understood",
                        idp -> sign(
                                header(idp.signingKey())
                                        .criticalParams(Set.of("moon"))
                                        .customParam("moon", "full")
                                        .build(),
                                good().build(),
                                idp.signingKey())),
                saying("too long", claims -> claims.claim("note", "x".repeat(8_000))));
    }

    private static String cut(String token) {
        return token.substring(0, token.length() - 2);
    }

    private static String forged(TestIdentityProvider idp) {
        String[] signed = idp.token(good().build()).split("\\.", -1);
        String[] wanted = idp.token(good().claim("scope", "admin").build()).split("\\.", -1);
        return signed[0] + "." + wanted[1] + "." + signed[2];
    }

    private static String byAStranger(TestIdentityProvider idp) {
        return sign(
                header(idp.signingKey()).build(),
                good().build(),
                TestIdentityProvider.ec(idp.signingKey().getKeyID()));
    }

    private static String withPassword(TestIdentityProvider idp) {
        try {
            SignedJWT token = new SignedJWT(
                    new JWSHeader.Builder(JWSAlgorithm.HS256)
                            .keyID(idp.signingKey().getKeyID())
                            .build(),
                    good().build());
            token.sign(
                    new MACSigner(idp.signingKey().toPublicJWK().toJSONString().getBytes(StandardCharsets.UTF_8)));
            return token.serialize();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    @ParameterizedTest
    @MethodSource("badTokens")
    void request_badToken_is401AndToldNoMoreThanThat(Function<TestIdentityProvider, String> token) {
        Answer answer = client(token.apply(provider)).get(SESSIONS).expect(401);

        assertThat(answer.header("WWW-Authenticate"))
                .isEqualTo("Bearer realm=\"checkout-gateway\", error=\"invalid_token\"");
        assertThat(answer.json().getString("detail"))
                .isEqualTo("The credential is missing, malformed, unknown, revoked or expired");
    }

    @Test
    void request_withoutCredential_isNotToldThatATokenIsBad() {
        assertThat(gateway.client().anonymous().get(SESSIONS).expect(401).header("WWW-Authenticate"))
                .isEqualTo("Bearer realm=\"checkout-gateway\"");
    }

    @Test
    void request_scopeMissing_is403AndNamesIt() {
        Answer answer = client(provider.token(NAMESPACE, "sessions:read openid"))
                .post(
                        "/api/v3/openmeter/customers",
                        new JsonObject().put("key", "a").put("name", "A"))
                .expect(403);

        assertThat(answer.header("WWW-Authenticate"))
                .isEqualTo(
                        "Bearer realm=\"checkout-gateway\", error=\"insufficient_scope\", scope=\"customers:write\"");
    }

    @Test
    void request_tokenOfANamespace_seesWhatItsKeysSee() {
        String customer = gateway.customer("acme");

        client(provider.token("acme", "customers:read"))
                .get("/api/v3/openmeter/customers/" + customer)
                .expect(200);
        client(provider.token(NAMESPACE, "admin"))
                .get("/api/v3/openmeter/customers/" + customer)
                .expect(404);
    }

    @Test
    void request_tokenOfAKeyThatTheProviderRotatedTo_isLetInSoon() {
        String before = provider.token(NAMESPACE, "sessions:read");
        provider.rotate();
        String after = provider.token(NAMESPACE, "sessions:read");

        Awaitility.await().until(() -> status(after) == 200);

        client(before).get(SESSIONS).expect(401);
    }

    @Test
    void request_tokenWithoutAKeyId_afterTheProviderRotated_isLetInSoon() {
        provider.rotate();
        String after = sign(new JWSHeader(JWSAlgorithm.ES256), good().build(), provider.signingKey());

        Awaitility.await().until(() -> status(after) == 200);
    }

    @Test
    void request_tokenWithoutAKeyId_afterTheProviderChangedTheKindOfItsKeys_isLetInSoon() {
        try (TestIdentityProvider changing = TestIdentityProvider.start()) {
            ECKey next = TestIdentityProvider.ec("next");
            changing.publish(new JWKSet(List.of(TestIdentityProvider.rsa(2048, "before"))).toString());
            try (TestGateway other = TestGateway.start(changing.settings())) {
                ContractClient token = new ContractClient(
                        other.url(),
                        sign(
                                new JWSHeader(JWSAlgorithm.ES256),
                                changing.claims(NAMESPACE, "sessions:read").build(),
                                next));
                Awaitility.await().until(() -> token.get(SESSIONS).status() == 401);

                changing.publish(new JWKSet(List.of(next)).toString());

                Awaitility.await().until(() -> token.get(SESSIONS).status() == 200);
            }
        }
    }

    @Test
    void requests_forgedTokensWithoutAKeyId_doNotHammerTheProvider() {
        try (TestIdentityProvider hammered = TestIdentityProvider.start()) {
            Map<String, String> settings = new HashMap<>(hammered.settings());
            settings.put("GATEWAY_OIDC_REFRESH_PAUSE", "PT10M");
            try (TestGateway other = TestGateway.start(settings)) {
                ContractClient good = new ContractClient(other.url(), hammered.token(NAMESPACE, "sessions:read"));
                Awaitility.await().until(() -> good.get(SESSIONS).status() == 200);
                int before = hammered.fetches();
                ContractClient forged = new ContractClient(
                        other.url(),
                        sign(
                                new JWSHeader(JWSAlgorithm.ES256),
                                hammered.claims(NAMESPACE, "admin").build(),
                                TestIdentityProvider.ec("stranger")));

                for (int time = 0; time < 50; time++) {
                    forged.get(SESSIONS).expect(401);
                }

                assertThat(hammered.fetches()).isEqualTo(before);
            }
        }
    }

    @Test
    void request_providerAway_knownKeysStayGoodAndUnknownOnesAreAskedToComeAgain() {
        provider.answerWith(500);
        String unknown =
                sign(header(TestIdentityProvider.ec("new")).build(), good().build(), TestIdentityProvider.ec("new"));

        Answer answer = Awaitility.await().until(() -> client(unknown).get(SESSIONS), asked -> asked.status() == 503);

        assertThat(answer.json().getString("code")).isEqualTo("identity_provider_unavailable");
        assertThat(answer.header("Retry-After")).isEqualTo("1");
        client(provider.token(NAMESPACE, "sessions:read")).get(SESSIONS).expect(200);
    }

    @Test
    void start_providerAway_keysWorkAndTokensAreAskedToComeAgainUntilItIsBack() {
        try (TestIdentityProvider late = TestIdentityProvider.start()) {
            late.answerWith(503);
            try (TestGateway other = TestGateway.start(late.settings())) {
                ContractClient token = new ContractClient(other.url(), late.token(NAMESPACE, "sessions:read"));
                other.client().get(SESSIONS).expect(200);
                token.get(SESSIONS).expect(503);

                late.answerWith(200);

                Awaitility.await().until(() -> token.get(SESSIONS).status() == 200);
            }
        }
    }
}
