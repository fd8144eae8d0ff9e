package io.checkoutgateway.faults;

import static io.checkoutgateway.faults.Scene.SESSIONS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import io.checkoutgateway.faults.Scene.Request;
import io.checkoutgateway.sandbox.faults.Effect;
import io.checkoutgateway.sandbox.faults.Fault;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Stripe fails once or for ever, and the gateway may try twice within the request. */
class RetriedCallTest {
    private static Scene scene;

    @BeforeAll
    static void start() {
        scene = Scene.start(Map.of("STRIPE_RETRIES", "1"));
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

    static Stream<Arguments> passingFaults() {
        return Stream.of(
                argumentSet("503", Effect.unavailable()),
                argumentSet("429", Effect.rateLimited("global-rate")),
                argumentSet("429, object locked", Effect.lockTimeout()),
                argumentSet("409", Effect.status(409)),
                argumentSet("connection lost before", Effect.dropBefore()),
                argumentSet("connection lost after", Effect.dropAfter()));
    }

    @ParameterizedTest
    @MethodSource("passingFaults")
    void create_callFailsOnce_callerNoticesNothing(Effect effect) {
        Request request = scene.request();
        scene.faults().once("POST", SESSIONS, effect);

        scene.send(request).expect(201);

        scene.assertAtStripe(request, 1, 1);
        assertThat(scene.row(request, "attempt")).isEqualTo("1");
    }

    /** With retries to spare: a busy machine may be later than such a patience too. */
    @Test
    void create_answerLaterThanThePatienceOnce_callerNoticesNothing() {
        try (Scene hasty = Scene.start(Map.of("STRIPE_RETRIES", "5", "STRIPE_READ_TIMEOUT", "PT2S"))) {
            Request request = hasty.request();
            hasty.faults().once("POST", SESSIONS, Effect.holdAfter());

            hasty.send(request).expect(201);

            hasty.assertAtStripe(request, 1, 1);
            assertThat(hasty.row(request, "attempt")).isEqualTo("1");
            hasty.faults().clear();
            hasty.ledgers().agree();
        }
    }

    @Test
    void create_rateLimitedForEver_isTriedTwiceAndFreesTheKey() {
        Request request = scene.request();
        Fault limit = scene.faults().add("POST", SESSIONS, 100, Effect.rateLimited("global-rate"));

        assertThat(scene.send(request).expect(503).header("Retry-After")).isNotEmpty();

        assertThat(limit.hits()).isEqualTo(2);
        assertThat(scene.row(request, "status")).isEqualTo("failed");
    }

    @Test
    void create_storedServerError_isNotRepeatedAndNeverDoubled() {
        Request request = scene.request();
        Fault broken = scene.faults().once("POST", SESSIONS, Effect.serverError());

        scene.send(request).expect(502);
        scene.repeatNow(request).expect(201);

        assertThat(broken.hits()).isEqualTo(1);
        assertThat(scene.row(request, "attempt")).isEqualTo("2");
        scene.assertAtStripe(request, 1, 1);
    }

    /** The first try was lost on the way, so that a polite second refusal does not prove that nothing happened. */
    @Test
    void create_lostThenRateLimited_outcomeStaysUnknown() {
        Request request = scene.request();
        scene.faults().once("POST", SESSIONS, Effect.dropAfter());
        scene.faults().once("POST", SESSIONS, Effect.rateLimited("global-rate"));

        scene.send(request).expect(503);

        assertThat(scene.row(request, "status")).isEqualTo("creating");
        scene.reconcile();
        assertThat(scene.row(request, "status")).isEqualTo("open");
        scene.assertAtStripe(request, 1, 1);
    }
}
