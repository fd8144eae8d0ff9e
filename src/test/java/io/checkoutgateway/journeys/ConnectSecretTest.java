package io.checkoutgateway.journeys;

import static org.assertj.core.api.Assertions.assertThat;

import io.checkoutgateway.testing.AppScene;
import io.checkoutgateway.testing.ContractClient;
import io.checkoutgateway.testing.ContractClient.Answer;
import io.checkoutgateway.testing.SignedEvent;
import io.checkoutgateway.testing.TestGateway;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Events of connected accounts come to an endpoint that somebody made by hand, and are signed with its secret. */
class ConnectSecretTest {
    private static final String FIRST = "whsec_canary_connect_first";
    private static final String SECOND = "whsec_canary_connect_second";

    private static TestGateway gateway;

    @BeforeAll
    static void start() {
        gateway = TestGateway.start(Map.of("GATEWAY_PUBLIC_URL", "http://127.0.0.1:65535"));
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    private static Answer set(ContractClient client, String appId, String secret) {
        return client.send(
                "PUT",
                "/api/v1/apps/" + appId + "/connect-webhook-secret",
                BodyPublishers.ofString(new JsonObject().put("secret", secret).encode()),
                "application/json");
    }

    private static Answer deliver(String appId, String secret) {
        JsonObject event =
                SignedEvent.event("product.created", new JsonObject()).put("account", "acct_connected");
        SignedEvent signed = SignedEvent.of(event.encode(), secret, Instant.now());
        return gateway.client()
                .anonymous()
                .with("Stripe-Signature", signed.signature())
                .post("/api/v1/apps/" + appId + "/stripe/webhook", signed.body());
    }

    private static List<List<String>> accountsOf(String appId) {
        return gateway.database()
                .rows("SELECT account FROM checkout_gateway.stripe_events WHERE app_id = '%s'".formatted(appId));
    }

    @Test
    void event_ofAConnectedAccount_isTakenWithTheSecretThatWasSetLast() {
        AppScene scene = AppScene.in(gateway);
        String app = scene.install().getString("id");
        deliver(app, FIRST).expect(400);

        set(scene.client(), app, FIRST).expect(204);
        deliver(app, FIRST).expect(200);
        set(scene.client(), app, SECOND).expect(204);

        deliver(app, FIRST).expect(400);
        deliver(app, SECOND).expect(200);
        assertThat(accountsOf(app)).containsExactly(List.of("acct_connected"), List.of("acct_connected"));
        assertThat(
                        gateway.database()
                                .rows(
                                        "SELECT count(*) FROM checkout_gateway.audit_log WHERE action = 'app.connect_secret_set'"))
                .containsExactly(List.of("2"));
    }

    @Test
    void setSecret_ofAnothersAppOrThatOfTheSettings_isRefused() {
        String app = AppScene.in(gateway).install().getString("id");

        set(gateway.client("strangers"), app, FIRST).expect(404);
        set(gateway.client(), TestGateway.await(gateway.gateway().app()).id(), FIRST)
                .expect(409);
        set(gateway.client(), app, "secret").expect(400);
        deliver(app, FIRST).expect(400);
    }
}
