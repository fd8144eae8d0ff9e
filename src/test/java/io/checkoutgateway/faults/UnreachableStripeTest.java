package io.checkoutgateway.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.checkoutgateway.faults.Scene.Request;
import io.checkoutgateway.testing.ContractClient.Answer;
import io.checkoutgateway.testing.FreePorts;
import java.io.IOException;
import java.net.Socket;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Nobody listens where Stripe should be. */
class UnreachableStripeTest {

    @Test
    void create_connectionRefused_saysSoAndLeavesNothingUnfinished() throws IOException {
        try (Socket nobody = FreePorts.refusing();
                Scene scene = Scene.start(Map.of("STRIPE_API_BASE", "http://127.0.0.1:" + nobody.getLocalPort()))) {
            Request request = scene.request();

            Answer answer = scene.send(request).expect(503);

            assertThat(answer.json().getString("code")).isEqualTo("stripe_unreachable");
            assertThat(answer.header("Retry-After")).isNotEmpty();
            assertThat(scene.row(request, "status")).isEqualTo("failed");
            assertThat(scene.row(request, "failure_code")).isEqualTo("stripe_unreachable");
            assertThat(scene.send(request).expect(503).header("Idempotent-Replayed"))
                    .isEmpty();
            scene.ledgers().agreeNow();
        }
    }
}
