package io.checkoutgateway.journeys;

import static org.assertj.core.api.Assertions.assertThat;

import io.checkoutgateway.testing.GatewayExtension;
import io.checkoutgateway.testing.RawHttp;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Connections cost even when they say nothing: there is a number of them, and a time for each to say something. */
class ConnectionsTest {
    private static final int MOST = 20;

    @RegisterExtension
    private static final GatewayExtension GATEWAY = new GatewayExtension(
            Map.of("GATEWAY_CONNECTIONS_MAX", Integer.toString(MOST), "GATEWAY_IDLE_TIMEOUT", "PT1H"));

    @RegisterExtension
    private static final GatewayExtension IMPATIENT =
            new GatewayExtension(Map.of("GATEWAY_IDLE_TIMEOUT", "PT5S", "GATEWAY_STREAM_HEARTBEAT", "PT1S"));

    @Test
    void connection_oneTooMany_isClosedAndThereIsRoomAgainWhenAnotherGoes() throws IOException {
        List<RawHttp> held = new ArrayList<>();
        try {
            for (int connection = 0; connection <= MOST; connection++) {
                held.add(RawHttp.to(GATEWAY.get().url()));
            }
            assertThat(held.get(MOST).closed()).isTrue();
            assertThat(GATEWAY.get().metrics()).contains("gateway_connections_refused_total");

            for (RawHttp connection : held) {
                connection.close();
            }
            // One that comes before all the others are seen to be gone is refused too.
            Awaitility.await().ignoreExceptions().untilAsserted(() -> {
                try (RawHttp fresh = RawHttp.to(GATEWAY.get().url())) {
                    assertThat(fresh.request("GET /openapi.json HTTP/1.1")
                                    .answer()
                                    .status())
                            .isEqualTo(200);
                }
            });
        } finally {
            for (RawHttp connection : held) {
                connection.close();
            }
        }
    }

    @Test
    void headers_thatTrickle_endTheConnection() throws IOException {
        try (RawHttp connection = RawHttp.to(IMPATIENT.get().url())) {
            connection.write("GET /openapi.json HTTP/1.1\r\nX-Slow: ");
            Awaitility.await().pollInterval(Duration.ofMillis(500)).until(() -> {
                try {
                    connection.write("x");
                    return connection.closedWithin(Duration.ofMillis(10));
                } catch (IOException closed) {
                    return true;
                }
            });
        }
    }
}
