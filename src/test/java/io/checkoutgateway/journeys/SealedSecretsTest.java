package io.checkoutgateway.journeys;

import static io.checkoutgateway.journeys.OutgoingScene.COMPLETED;
import static io.checkoutgateway.journeys.OutgoingScene.ENDPOINTS;
import static org.assertj.core.api.Assertions.assertThat;

import io.checkoutgateway.testing.ContractClient.Answer;
import io.checkoutgateway.testing.StandardReceiver;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What lies in the table of webhook secrets, and what comes of it when somebody changes the table. */
class SealedSecretsTest {
    private static final String SWAP =
            """
            UPDATE checkout_gateway.webhook_secrets s
            SET secret = (SELECT o.secret FROM checkout_gateway.webhook_secrets o WHERE o.id <> s.id)
            """;

    private OutgoingScene scene;
    private StandardReceiver receiver;
    private StandardReceiver other;

    @BeforeEach
    void start() {
        scene = OutgoingScene.start();
        receiver = new StandardReceiver();
        other = new StandardReceiver();
    }

    @AfterEach
    void stop() {
        scene.close();
        receiver.close();
        other.close();
    }

    private Answer test(JsonObject endpoint) {
        return scene.client().post(ENDPOINTS + "/" + endpoint.getString("id") + "/test");
    }

    @Test
    void webhookSecret_stored_isSealed() {
        JsonObject endpoint = scene.endpoint(receiver);

        assertThat(scene.rows("SELECT encode(secret, 'escape') FROM checkout_gateway.webhook_secrets"))
                .singleElement()
                .satisfies(row -> assertThat(row.get(0))
                        .startsWith("\u0001")
                        .doesNotContain("whsec_")
                        .doesNotContain(endpoint.getString("secret").substring(6)));
        assertThat(test(endpoint).expect(200).json().getBoolean("delivered")).isTrue();
    }

    @Test
    void webhookSecrets_swappedBetweenRows_openNoMore() {
        JsonObject one = scene.endpoint(receiver);
        JsonObject another = scene.endpoint(other);
        scene.execute(SWAP);

        for (JsonObject endpoint : List.of(one, another)) {
            JsonObject tested = test(endpoint).expect(200).json();
            assertThat(tested.getBoolean("delivered")).isFalse();
            assertThat(tested.getString("error")).isEqualTo("secret");
        }
        scene.news(COMPLETED);
        scene.deliver();

        assertThat(receiver.received()).isEmpty();
        assertThat(scene.delivery(one).getString("last_error")).isEqualTo("secret");
        scene.execute(SWAP);
        scene.deliverLater();
        assertThat(scene.delivery(one).getString("state")).isEqualTo("delivered");
        assertThat(scene.delivery(another).getString("state")).isEqualTo("delivered");
    }

    @Test
    void webhookSecret_thatOpensNoMore_isReplacedByRotation() {
        JsonObject endpoint = scene.endpoint(receiver);
        scene.execute(
                "UPDATE checkout_gateway.webhook_secrets SET secret = set_byte(secret, 20, 255 - get_byte(secret, 20))");

        String secret = scene.client()
                .post(ENDPOINTS + "/" + endpoint.getString("id") + "/rotate-secret")
                .expect(200)
                .json()
                .getString("secret");

        assertThat(test(endpoint).expect(200).json().getBoolean("delivered")).isTrue();
        assertThat(receiver.received()).singleElement().satisfies(message -> assertThat(message.verifies(secret))
                .isTrue());
    }

    @Test
    void webhookSecret_plantedInClear_isNeverTakenIn() {
        JsonObject endpoint = scene.endpoint(receiver);
        scene.execute("UPDATE checkout_gateway.webhook_secrets SET secret = convert_to('whsec_%s', 'UTF8')"
                .formatted("cGxhbnRlZCBieSBhbiBhdHRhY2tlcg=="));
        assertThat(test(endpoint).expect(200).json().getString("error")).isEqualTo("secret");

        scene.gateway().restart();

        assertThat(test(endpoint).expect(200).json().getString("error")).isEqualTo("secret");
        assertThat(receiver.received()).isEmpty();
        assertThat(scene.rows("SELECT convert_from(substring(secret FROM 1 FOR 6), 'UTF8') FROM"
                        + " checkout_gateway.webhook_secrets"))
                .as("it is left for the operator to look at")
                .hasToString("[[whsec_]]");
    }
}
