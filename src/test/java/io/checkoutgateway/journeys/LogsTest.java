package io.checkoutgateway.journeys;

import static io.checkoutgateway.testing.ContractClient.checkoutSessionsOf;
import static io.checkoutgateway.testing.ContractClient.hosted;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import io.checkoutgateway.access.Scope;
import io.checkoutgateway.events.EventWorker;
import io.checkoutgateway.sandbox.faults.Effect;
import io.checkoutgateway.testing.ContractClient;
import io.checkoutgateway.testing.GatewayExtension;
import io.checkoutgateway.testing.HostedPage;
import io.checkoutgateway.testing.SignedEvent;
import io.checkoutgateway.testing.TestGateway;
import io.checkoutgateway.testing.WrittenLines;
import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.slf4j.LoggerFactory;

/** The logs, at their most talkative, hold no secret and nobody's address, and tell whose credentials were taken. */
class LogsTest {
    private static final String KEY_CANARY = "canary-idempotency-key";
    private static final String METADATA_CANARY = "canary-metadata";

    @RegisterExtension
    private static final GatewayExtension GATEWAY = new GatewayExtension();

    private static final String ACCESS = "io.checkoutgateway.http.access";

    private final Logger ours = (Logger) LoggerFactory.getLogger("io.checkoutgateway");

    /** Lines of the last two go their own way, past the root. */
    private final WrittenLines written =
            new WrittenLines(org.slf4j.Logger.ROOT_LOGGER_NAME, ACCESS, EventWorker.class.getName());

    private final String apiKey = GATEWAY.get().key();
    private final ContractClient client =
            new ContractClient(GATEWAY.get().url(), apiKey).with("Idempotency-Key", KEY_CANARY);

    @BeforeEach
    void listen() {
        ours.setLevel(Level.DEBUG);
    }

    @AfterEach
    void stopListening() {
        ours.setLevel(null);
        written.close();
    }

    private String everything() {
        return written.soFar().stream()
                .map(event -> event.getFormattedMessage() + " " + event.getKeyValuePairs() + " "
                        + event.getMDCPropertyMap() + " "
                        + (event.getThrowableProxy() == null
                                ? ""
                                : ThrowableProxyUtil.asString(event.getThrowableProxy())))
                .collect(Collectors.joining("\n"));
    }

    @Test
    void journeys_goodAndBad_leaveNoSecretInTheLogs() throws Exception {
        String customer = GATEWAY.customer();
        JsonObject embedded =
                new JsonObject(Files.readString(Path.of("api/examples/create-checkout-session.embedded.json")));
        embedded.getJsonObject("stripe_options").getJsonObject("metadata").put("note", METADATA_CANARY);
        JsonObject created =
                client.post(checkoutSessionsOf(customer), embedded).expect(201).json();
        HostedPage.of(GATEWAY.sandbox(), created.getString("session_id")).pay(HostedPage.POOR_CARD);
        HostedPage.of(GATEWAY.sandbox(), created.getString("session_id")).pay(HostedPage.GOOD_CARD);
        GATEWAY.settle();
        JsonObject hosted = GATEWAY.openSession(customer);

        GATEWAY.sandbox().faults().add("POST", "/v1/checkout/sessions", 3, Effect.status(401));
        GATEWAY.client().post(checkoutSessionsOf(customer), hosted()).expect(502);
        GATEWAY.client()
                .with("Authorization", "Bearer " + apiKey + "x")
                .get("/api/v1/checkout-sessions")
                .expect(401);
        client.post(checkoutSessionsOf(customer), "{\"stripe_options\": {\"" + METADATA_CANARY + "\": 1}}")
                .expect(400);
        GATEWAY.client()
                .anonymous()
                .with("Stripe-Signature", SignedEvent.of("{}").signature())
                .post(GATEWAY.get().webhookUrl().getPath(), "{\"email\": \"canary@example.com\"}")
                .expect(400);

        // What an event came to is told after it is stored, and a request after it is answered, refusals with a reason.
        Awaitility.await().untilAsserted(() -> assertThat(everything())
                .contains(
                        "request answered",
                        "event settled",
                        "reason=\"unauthenticated\"",
                        "reason=\"invalid_request\"",
                        "reason=\"signature_invalid\""));
        String logs = everything();
        assertThat(logs)
                .doesNotContain(apiKey, apiKey.substring(apiKey.length() - 40))
                .doesNotContain(GATEWAY.get().settings().get("STRIPE_API_KEY"))
                .doesNotContain(TestGateway.SIGNING_SECRET)
                .doesNotContain(created.getString("client_secret"))
                .doesNotContain(hosted.getString("url"))
                .doesNotContain(KEY_CANARY, METADATA_CANARY)
                .doesNotContain("@example.com")
                .doesNotContain("shop.example");
    }

    @Test
    void credentials_takenRefusedAndTooSmall_areTold() {
        String small = GATEWAY.get().key(TestGateway.NAMESPACE, Scope.CUSTOMERS_READ);
        String sessions = "/api/v1/checkout-sessions";
        new ContractClient(GATEWAY.get().url(), apiKey).get(sessions).expect(200);
        new ContractClient(GATEWAY.get().url(), apiKey + "x").get(sessions).expect(401);
        new ContractClient(GATEWAY.get().url(), small).get(sessions).expect(403);

        Awaitility.await().untilAsserted(() -> assertThat(accessLines())
                .anyMatch(
                        line -> line.contains("status=\"200\"") && line.contains("api_key:" + apiKey.substring(4, 20)))
                .anyMatch(line -> line.contains("status=\"401\"") && line.contains("reason=\"unauthenticated\""))
                .anyMatch(line ->
                        line.contains("reason=\"forbidden\"") && line.contains("api_key:" + small.substring(4, 20))));
    }

    private List<String> accessLines() {
        return written.soFar().stream()
                .filter(event -> event.getLoggerName().equals(ACCESS))
                .map(event -> String.valueOf(event.getKeyValuePairs()))
                .toList();
    }
}
