package io.checkoutgateway.journeys;

import static org.assertj.core.api.Assertions.assertThat;

import io.checkoutgateway.sandbox.faults.Effect;
import io.checkoutgateway.sandbox.faults.Fault;
import io.checkoutgateway.testing.ContractClient;
import io.checkoutgateway.testing.ContractClient.Answer;
import io.checkoutgateway.testing.SignedEvent;
import io.checkoutgateway.testing.TestGateway;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The answer to Stripe is one local transaction and nothing else, whoever else sends the same. */
class AcknowledgementsTest {
    private static final int EVENTS = 10;
    private static final int COPIES = 10;

    private TestGateway gateway;

    @BeforeEach
    void start() {
        gateway = TestGateway.start();
    }

    @AfterEach
    void stop() {
        gateway.close();
    }

    private CompletableFuture<Answer> send(TestGateway to, JsonObject event) {
        return new ContractClient(to.url(), to.key())
                .anonymous()
                .with("Stripe-Signature", SignedEvent.of(event.encode()).signature())
                .postAsync(gateway.webhookUrl().getPath(), event);
    }

    private static JsonObject completed(String mode, int number) {
        return SignedEvent.event(
                "checkout.session.completed",
                new JsonObject()
                        .put("object", "checkout.session")
                        .put("id", "cs_test_ack_" + number)
                        .put("mode", mode)
                        .put("status", "complete")
                        .put("payment_status", "paid")
                        .put("livemode", false)
                        .put("created", 1_795_334_400));
    }

    /** Each replica stores the same events at the same moment, one forwards and one backwards. */
    @Test
    void deliver_sameEventsAHundredTimesToTwoReplicas_areStoredOnceAndNobodyWaitsCrosswise() {
        List<JsonObject> events = IntStream.range(0, EVENTS)
                .mapToObj(number -> completed("setup", number))
                .toList();
        List<JsonObject> backwards = events.stream()
                .sorted((one, other) -> other.getString("id").compareTo(one.getString("id")))
                .toList();
        try (TestGateway other = gateway.replica()) {
            List<CompletableFuture<Answer>> under = IntStream.range(0, COPIES)
                    .boxed()
                    .flatMap(copy -> copy % 2 == 0
                            ? events.stream().map(event -> send(gateway, event))
                            : backwards.stream().map(event -> send(other, event)))
                    .toList();

            assertThat(under.stream()
                            .map(each -> each.join().expect(200).json().getBoolean("duplicate"))
                            .filter(duplicate -> !duplicate))
                    .hasSize(EVENTS);
        }
        assertThat(gateway.database().rows("SELECT event_id FROM checkout_gateway.stripe_events"))
                .hasSize(EVENTS);
    }

    private List<Integer> acknowledgements(String mode, int first) {
        return IntStream.range(first, first + EVENTS)
                .mapToObj(
                        number -> send(gateway, completed(mode, number)).join().status())
                .toList();
    }

    /** What a sale leads to, reading its line items, hangs at Stripe; what comes meanwhile is acknowledged all the same. */
    @Test
    void deliver_stripeHangs_isAcknowledgedWithoutACall() {
        Fault held = gateway.sandbox().faults().add("*", "/v1/checkout/**", 100, Effect.holdBefore());

        assertThat(acknowledgements("setup", 0)).containsOnly(200);
        assertThat(held.hits()).isZero();

        assertThat(acknowledgements("payment", EVENTS)).containsOnly(200);
        TestGateway.await(held.struck());
        assertThat(acknowledgements("payment", 2 * EVENTS)).containsOnly(200);
        gateway.sandbox().faults().clear();
    }
}
