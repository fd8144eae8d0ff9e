package io.checkoutgateway.journeys;

import static io.checkoutgateway.testing.ContractClient.checkoutSessionsOf;
import static io.checkoutgateway.testing.ContractClient.hosted;
import static io.checkoutgateway.testing.TestGateway.NAMESPACE;
import static io.checkoutgateway.testing.TestGateway.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import io.checkoutgateway.access.Scope;
import io.checkoutgateway.testing.ContractClient;
import io.checkoutgateway.testing.ContractClient.Answer;
import io.checkoutgateway.testing.GatewayExtension;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Instant;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Only a live key opens a door, and every other one is told the same. */
class CredentialsTest {
    @RegisterExtension
    private static final GatewayExtension GATEWAY = new GatewayExtension();

    private static final String SESSIONS = "/api/v1/checkout-sessions";
    private static final String SOMEONE = "01ARZ3NDEKTSV4RRFFQ69G5FAV";

    static Stream<Arguments> headers() {
        String unknown = "cgk_0123456789abcdef_" + "0".repeat(64) + "00000000";
        return Stream.of(
                argumentSet("empty", ""),
                argumentSet("no scheme", "KEY"),
                argumentSet("another scheme", "Basic KEY"),
                argumentSet("nothing after the scheme", "Bearer "),
                argumentSet("a word", "Bearer secret"),
                argumentSet("a Stripe key", "Bearer sk_test_canary_gateway"),
                argumentSet("right form, wrong checksum", "Bearer " + unknown),
                argumentSet("cut", "Bearer CUT"),
                argumentSet("longer", "Bearer KEY0"),
                argumentSet("in capitals", "Bearer CAPITALS"),
                argumentSet("twice", "Bearer KEY KEY"),
                argumentSet("an injection", "Bearer ' OR '1'='1"),
                argumentSet("very long", "Bearer " + "x".repeat(8_000)));
    }

    @ParameterizedTest
    @MethodSource("headers")
    void request_badCredential_is401AndSaysHowToCall(String header) {
        String key = GATEWAY.get().key();
        String given = header.replace("KEY", key)
                .replace("CUT", key.substring(0, key.length() - 1))
                .replace("CAPITALS", key.toUpperCase(Locale.ROOT));

        Answer answer =
                GATEWAY.client().with("Authorization", given).get(SESSIONS).expect(401);

        assertRefused(answer);
    }

    private static void assertRefused(Answer answer) {
        assertThat(answer.header("WWW-Authenticate")).startsWith("Bearer ");
        assertThat(answer.json().getString("code")).isEqualTo("unauthenticated");
        assertThat(answer.json().getString("detail"))
                .isEqualTo("The credential is missing, malformed, unknown, revoked or expired");
    }

    static Stream<Arguments> operations() {
        return Stream.of(
                argumentSet("create customer", "POST", "/api/v3/openmeter/customers"),
                argumentSet("list customers", "GET", "/api/v3/openmeter/customers"),
                argumentSet("get customer", "GET", "/api/v3/openmeter/customers/" + SOMEONE),
                argumentSet("upsert customer", "PUT", "/api/v3/openmeter/customers/" + SOMEONE),
                argumentSet("delete customer", "DELETE", "/api/v3/openmeter/customers/" + SOMEONE),
                argumentSet("create session", "POST", checkoutSessionsOf(SOMEONE)),
                argumentSet("list sessions", "GET", SESSIONS),
                argumentSet("get session", "GET", SESSIONS + "/" + SOMEONE),
                argumentSet("expire session", "POST", SESSIONS + "/" + SOMEONE + "/expire"),
                argumentSet("refresh session", "POST", SESSIONS + "/" + SOMEONE + "/refresh"),
                argumentSet("list transitions", "GET", SESSIONS + "/" + SOMEONE + "/transitions"),
                argumentSet("list mirrored sessions", "GET", "/api/v1/djstripe/checkout-sessions"),
                argumentSet("get mirrored session", "GET", "/api/v1/djstripe/checkout-sessions/1"));
    }

    @ParameterizedTest
    @MethodSource("operations")
    void request_noCredential_is401BeforeAnythingElseIsChecked(String method, String path) {
        Answer answer = GATEWAY.client()
                .anonymous()
                .send(method, path, BodyPublishers.ofString(method.equals("POST") ? "not json" : ""), "text/plain")
                .expect(401);

        assertRefused(answer);
    }

    @Test
    void request_schemeInAnyCase_isTaken() {
        GATEWAY.client()
                .with("Authorization", "bEARER " + GATEWAY.get().key())
                .get(SESSIONS)
                .expect(200);
    }

    @Test
    void request_expiredKey_is401() {
        String key = await(GATEWAY.get()
                        .gateway()
                        .apiKeys()
                        .issue(
                                NAMESPACE,
                                "expired",
                                Set.of(Scope.ADMIN),
                                Instant.now().minusSeconds(1)))
                .reveal();

        assertRefused(client(key).get(SESSIONS).expect(401));
    }

    @Test
    void request_revokedKey_is401FromThenOn() {
        String key = GATEWAY.get().key();
        client(key).get(SESSIONS).expect(200);

        GATEWAY.database()
                .execute("UPDATE checkout_gateway.api_keys SET revoked_at = now() WHERE id = '" + key.substring(4, 20)
                        + "'");

        assertRefused(client(key).get(SESSIONS).expect(401));
    }

    @Test
    void request_keyOfAnotherNamespace_seesNothingOfOurs() {
        ContractClient stranger = GATEWAY.get().client("stranger");
        String session = GATEWAY.openSession().getString("session_id");
        String customer = GATEWAY.customer();

        stranger.get(SESSIONS + "/" + session).expect(404);
        stranger.get("/api/v1/djstripe/checkout-sessions/" + session).expect(404);
        stranger.get(SESSIONS + "/" + session + "/transitions").expect(404);
        stranger.post(SESSIONS + "/" + session + "/expire").expect(404);
        stranger.post(SESSIONS + "/" + session + "/refresh").expect(404);
        stranger.get("/api/v3/openmeter/customers/" + customer).expect(404);
        stranger.post(checkoutSessionsOf(customer), hosted()).expect(404);
        assertThat(stranger.get(SESSIONS).expect(200).json().getJsonArray("data"))
                .isEmpty();
    }

    private static ContractClient client(String key) {
        return new ContractClient(GATEWAY.get().url(), key);
    }
}
