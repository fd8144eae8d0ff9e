package io.checkoutgateway.journeys;

import static io.checkoutgateway.testing.ContractClient.checkoutSessionsOf;
import static io.checkoutgateway.testing.ContractClient.hosted;
import static org.assertj.core.api.Assertions.assertThat;

import io.checkoutgateway.testing.GatewayExtension;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Time runs out at Stripe; apart from other journeys, since its clock only goes forward. */
class ExpiryTest {
    /** Stripe's clock runs ahead of the gateway's here, and signs so. */
    @RegisterExtension
    private static final GatewayExtension GATEWAY = new GatewayExtension(Map.of("GATEWAY_WEBHOOK_TOLERANCE", "PT1H"));

    @Test
    void session_timeRunsOut_isExpiredHereToo() {
        JsonObject body = hosted();
        body.getJsonObject("stripe_options")
                .put("expires_at", Instant.now().plus(Duration.ofMinutes(40)).getEpochSecond());
        String sessionId = GATEWAY.client()
                .post(checkoutSessionsOf(GATEWAY.customer()), body)
                .expect(201)
                .json()
                .getString("session_id");
        String longer = GATEWAY.openSession().getString("session_id");

        GATEWAY.sandbox().clock().advance(Duration.ofMinutes(41));

        GATEWAY.get().ledgers().agree();
        JsonObject session = GATEWAY.read(sessionId);
        assertThat(session.getString("status")).isEqualTo("expired");
        assertThat(session.getMap()).doesNotContainKeys("url", "completed_at");
        assertThat(GATEWAY.read(longer).getString("status")).isEqualTo("open");
    }
}
