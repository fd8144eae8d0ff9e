package io.checkoutgateway.faults;

import static io.checkoutgateway.faults.Scene.SESSIONS;
import static org.assertj.core.api.Assertions.assertThat;

import io.checkoutgateway.faults.Scene.Request;
import io.checkoutgateway.sandbox.faults.Effect;
import io.checkoutgateway.testing.ContractClient.Answer;
import java.util.Map;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Stripe answers later than the gateway waits. On a busy machine other answers may be late too, so they are asked for again. */
class LateAnswerTest {
    private static Scene scene;

    @BeforeAll
    static void start() {
        scene = Scene.start(Map.of("STRIPE_READ_TIMEOUT", "PT0.5S"));
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

    /** A request whose session Stripe opens without an answer, for a customer that has a session already. */
    private static Request answeredTooLate() {
        Request first = scene.request();
        Awaitility.await().until(() -> scene.repeatNow(first).status() == 201);
        Request request = new Request(first.customer(), "late-" + UUID.randomUUID());
        scene.faults().once("POST", SESSIONS, Effect.holdAfter());

        Answer answer = scene.send(request).expect(504);

        assertThat(answer.json().getString("code")).isEqualTo("stripe_timeout");
        assertThat(scene.row(request, "status")).isEqualTo("creating");
        scene.faults().clear();
        return request;
    }

    @Test
    void create_answerIsLate_isFinishedByTheReconciler() {
        Request request = answeredTooLate();

        Awaitility.await().until(() -> {
            scene.reconcile();
            return scene.row(request, "status").equals("open");
        });

        assertThat(scene.send(request).expect(201).header("Idempotent-Replayed"))
                .isEqualTo("true");
        scene.assertAtStripe(request, 2, 2);
    }

    @Test
    void create_answerIsLate_isFinishedByTheRepeatedRequest() {
        Request request = answeredTooLate();

        Awaitility.await().until(() -> scene.repeatNow(request).status() == 201);

        scene.assertAtStripe(request, 2, 2);
    }
}
