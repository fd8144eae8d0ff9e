package io.checkoutgateway.journeys;

import static io.checkoutgateway.testing.ContractClient.checkoutSessionsOf;
import static io.checkoutgateway.testing.ContractClient.hosted;
import static org.assertj.core.api.Assertions.assertThat;

import io.checkoutgateway.testing.HostedPage;
import io.checkoutgateway.testing.StandardReceiver;
import io.checkoutgateway.testing.StandardReceiver.Received;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** From a customer who enters a card to whoever waits for it. */
class ToldSessionTest {
    @Test
    void session_openedAndCompleted_isToldInSignedMessages() throws Exception {
        try (OutgoingScene scene = OutgoingScene.start(Map.of("GATEWAY_OUTGOING_INTERVAL", "PT0.05S"));
                StandardReceiver receiver = new StandardReceiver()) {
            JsonObject endpoint = scene.endpoint(receiver);
            JsonObject opened = scene.client()
                    .post(checkoutSessionsOf(scene.gateway().customer()), hosted())
                    .expect(201)
                    .json();
            HostedPage.of(scene.gateway().sandbox(), opened.getString("session_id"))
                    .pay(HostedPage.GOOD_CARD);

            Awaitility.await().until(() -> types(receiver).contains("checkout_session.completed"));

            assertThat(types(receiver)).contains("checkout_session.opened");
            assertThat(receiver.ids()).doesNotHaveDuplicates();
            assertThat(receiver.received()).allMatch(received -> received.verifies(endpoint.getString("secret")));
            Received completed = receiver.received().stream()
                    .filter(received -> received.json().getString("type").equals("checkout_session.completed"))
                    .findFirst()
                    .orElseThrow();
            JsonObject data = completed.json().getJsonObject("data");
            assertThat(data.getString("stripe_session_id")).isEqualTo(opened.getString("session_id"));
            assertThat(data.getString("status")).isEqualTo("complete");
            assertThat(completed.id()).isEqualTo("msg_" + data.getString("id") + "_" + data.getLong("sequence"));
            assertThat(completed.json().getString("timestamp")).isEqualTo(data.getString("occurred_at"));
        }
    }

    private static List<String> types(StandardReceiver receiver) {
        return receiver.received().stream()
                .map(received -> received.json().getString("type"))
                .toList();
    }
}
