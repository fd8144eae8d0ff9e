package io.checkoutgateway.faults;

import static io.checkoutgateway.faults.Scene.CUSTOMERS;
import static io.checkoutgateway.faults.Scene.SESSIONS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import io.checkoutgateway.faults.Scene.Request;
import io.checkoutgateway.sandbox.faults.Effect;
import io.checkoutgateway.testing.ContractClient.Answer;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** One call to Stripe fails and is not repeated: what the caller hears, and what becomes of the create. */
class FailedCallTest {
    private static final String KEY_IN_ERROR = "sk_test_*********eway";

    private static Scene scene;

    @BeforeAll
    static void start() {
        scene = Scene.start();
    }

    @AfterEach
    void ledgersAgree() {
        scene.faults().clear();
        scene.ledgers().agree();
    }

    @AfterAll
    static void stop() {
        scene.close();
    }

    private static Effect error(int status, String type, String message) {
        return new Effect.Answer(status, Map.of(), Map.of("type", type, "message", message), false);
    }

    static Stream<Arguments> unknownOutcomes() {
        return Stream.of(
                argumentSet("connection lost before", SESSIONS, Effect.dropBefore(), 504, "stripe_timeout"),
                argumentSet("connection lost after", SESSIONS, Effect.dropAfter(), 504, "stripe_timeout"),
                argumentSet("key in use", SESSIONS, Effect.status(409), 504, "stripe_timeout"),
                argumentSet("500, kept under the key", SESSIONS, Effect.serverError(), 502, "stripe_failed"),
                argumentSet("503", SESSIONS, Effect.unavailable(), 502, "stripe_failed"),
                argumentSet("424", SESSIONS, Effect.status(424), 502, "stripe_failed"),
                argumentSet("200 without a body", SESSIONS, Effect.emptyBody(), 502, "stripe_failed"),
                argumentSet("200 and half a document", SESSIONS, Effect.malformedBody(), 502, "stripe_failed"),
                argumentSet("200 and another object", SESSIONS, new Effect.Garbage(200, "{}"), 502, "stripe_failed"),
                argumentSet(
                        "a proxy's page", SESSIONS, new Effect.Garbage(404, "<html>not here"), 502, "stripe_failed"),
                argumentSet("a proxy's empty page", SESSIONS, new Effect.Garbage(413, ""), 502, "stripe_failed"),
                argumentSet("a redirect", SESSIONS, new Effect.Garbage(302, "moved"), 502, "stripe_failed"),
                argumentSet(
                        "our key did something else",
                        SESSIONS,
                        error(400, "idempotency_error", "Keys can only be used with the same parameters"),
                        502,
                        "stripe_failed"),
                argumentSet("customer: connection lost after", CUSTOMERS, Effect.dropAfter(), 504, "stripe_timeout"),
                argumentSet("customer: key in use", CUSTOMERS, Effect.status(409), 504, "stripe_timeout"));
    }

    @ParameterizedTest
    @MethodSource("unknownOutcomes")
    void create_outcomeUnknown_isFinishedByTheReconciler(String path, Effect effect, int status, String code) {
        Request request = scene.request();
        scene.faults().once("POST", path, effect);

        Answer answer = scene.send(request).expect(status);

        assertThat(answer.json().getString("code")).isEqualTo(code);
        assertThat(scene.row(request, "status")).isEqualTo("creating");
        // The pause goes on for as long as the test may need.
        scene.change(request, "lease_until = now() + interval '10 minutes'");
        Answer meanwhile = scene.send(request).expect(409);
        assertThat(meanwhile.json().getString("code")).isEqualTo("idempotency_key_in_use");
        assertThat(meanwhile.header("Retry-After")).matches("[1-9][0-9]*");
        scene.faults().clear();
        scene.reconcile();
        assertThat(scene.row(request, "status")).isEqualTo("open");
        assertThat(scene.send(request).expect(201).header("Idempotent-Replayed"))
                .isEqualTo("true");
        scene.assertAtStripe(request, 1, 1);
    }

    @ParameterizedTest
    @MethodSource("unknownOutcomes")
    void create_outcomeUnknown_isFinishedByTheRepeatedRequest(String path, Effect effect, int status) {
        Request request = scene.request();
        scene.faults().once("POST", path, effect);
        scene.send(request).expect(status);
        scene.faults().clear();

        scene.repeatNow(request).expect(201);

        scene.assertAtStripe(request, 1, 1);
    }

    static Stream<Arguments> withoutEffect() {
        return Stream.of(
                argumentSet("429", SESSIONS, Effect.rateLimited("endpoint-rate"), 503, "stripe_rate_limited"),
                argumentSet("429, object locked", SESSIONS, Effect.lockTimeout(), 503, "stripe_rate_limited"),
                argumentSet("customer: 429", CUSTOMERS, Effect.rateLimited("global-rate"), 503, "stripe_rate_limited"),
                argumentSet(
                        "401",
                        SESSIONS,
                        error(401, "invalid_request_error", "Invalid API Key provided: " + KEY_IN_ERROR),
                        502,
                        "stripe_credentials"),
                argumentSet(
                        "403",
                        CUSTOMERS,
                        error(403, "invalid_request_error", "The provided key '" + KEY_IN_ERROR + "' does not have"),
                        502,
                        "stripe_credentials"));
    }

    @ParameterizedTest
    @MethodSource("withoutEffect")
    void create_nothingHappened_failsAndFreesTheKey(String path, Effect effect, int status, String code) {
        Request request = scene.request();
        scene.faults().once("POST", path, effect);

        Answer answer = scene.send(request).expect(status);

        assertThat(answer.json().getString("code")).isEqualTo(code);
        assertThat(answer.body()).doesNotContain("sk_test");
        assertThat(answer.header("Retry-After").isEmpty()).isEqualTo(status == 502);
        assertThat(scene.row(request, "status")).isEqualTo("failed");
        assertThat(scene.row(request, "failure_detail")).doesNotContain("sk_test");
        assertThat(scene.send(request).expect(201).header("Idempotent-Replayed"))
                .isEmpty();
        scene.assertAtStripe(request, 1, 1);
    }

    static Stream<Arguments> customersThatFailAtFirst() {
        return Stream.of(
                argumentSet("500, kept under the key", Effect.serverError()),
                argumentSet("200 without a body", Effect.emptyBody()),
                argumentSet("200 and half a document", Effect.malformedBody()),
                argumentSet("a proxy's page", new Effect.Garbage(502, "<html>bad gateway")));
    }

    @ParameterizedTest
    @MethodSource("customersThatFailAtFirst")
    void create_customerCallFails_isRepairedWithinTheRequest(Effect effect) {
        Request request = scene.request();
        scene.faults().once("POST", CUSTOMERS, effect);

        scene.send(request).expect(201);

        assertThat(scene.gateway().sandbox().ledger().customersWithMetadata("om_customer_id", request.customer()))
                .hasSize(1);
    }
}
