package io.checkoutgateway.faults;

import static io.checkoutgateway.faults.Scene.SESSIONS;
import static org.assertj.core.api.Assertions.assertThat;

import io.checkoutgateway.faults.Scene.Request;
import io.checkoutgateway.sandbox.faults.Effect;
import io.checkoutgateway.sandbox.faults.Fault;
import io.checkoutgateway.testing.ContractClient.Answer;
import io.checkoutgateway.testing.TestGateway;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** More creates than Stripe's workers can take. */
class FullPoolTest {

    @Test
    void create_poolFull_isTurnedAwayAtOnceAndNothingIsWritten() {
        try (Scene scene = Scene.start(Map.of("STRIPE_WORKERS", "1", "STRIPE_QUEUE", "0"))) {
            awaitAppsAccount(scene);
            // What follows from an event takes a worker too.
            scene.gateway().sandbox().deliveries().pause();
            Request first = scene.request();
            Request second = scene.request();
            Fault held = scene.faults().once("POST", SESSIONS, Effect.holdBefore());
            CompletableFuture<Answer> slow = scene.sendAsync(first);
            TestGateway.await(held.struck());

            Answer refused = scene.send(second).expect(503);

            assertThat(slow).isNotDone();
            assertThat(refused.json().getString("code")).isEqualTo("stripe_busy");
            assertThat(refused.header("Retry-After")).isEqualTo("1");
            assertThat(scene.row(second, "status")).isEqualTo("none");
            held.release();
            slow.join().expect(201);
            scene.send(second).expect(201);
            scene.gateway().sandbox().deliveries().resume();
            scene.ledgers().agree();
        }
    }

    /** What the gateway asks Stripe at its start takes a worker too. */
    private static void awaitAppsAccount(Scene scene) {
        Awaitility.await().until(() -> scene.gateway()
                .database()
                .rows("SELECT id FROM checkout_gateway.apps WHERE stripe_account_id IS NULL")
                .isEmpty());
    }
}
