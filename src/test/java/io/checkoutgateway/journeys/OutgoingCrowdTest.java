package io.checkoutgateway.journeys;

import static io.checkoutgateway.journeys.OutgoingScene.COMPLETED;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.checkoutgateway.Gateway;
import io.checkoutgateway.settings.Settings;
import io.checkoutgateway.testing.StandardReceiver;
import io.checkoutgateway.testing.TestGateway;
import io.checkoutgateway.testing.WrittenLines;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** Several endpoints, several replicas, and what they must not do to each other. */
class OutgoingCrowdTest {
    /** As long as may be, and longer than the test mostly takes: whoever stays silent stays so to its end. */
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    private static final Map<String, String> PATIENT =
            Map.of("GATEWAY_OUTGOING_TIMEOUT", TIMEOUT.toString(), "GATEWAY_OUTGOING_CONCURRENCY", "48");

    @Test
    void fanOut_twoReplicasAtOnce_eachEndpointGetsEachNewsOnce() {
        try (OutgoingScene scene = OutgoingScene.start();
                StandardReceiver one = new StandardReceiver();
                StandardReceiver other = new StandardReceiver()) {
            scene.endpoint(one);
            scene.endpoint(other);
            Gateway replica =
                    TestGateway.await(Gateway.start(Settings.of(scene.gateway().settings()), Clock.systemUTC()));
            List<String> ids = IntStream.range(0, 60)
                    .mapToObj(i -> {
                        String id = scene.news(COMPLETED);
                        if (i % 6 == 0) {
                            together(scene.gateway().gateway(), replica);
                        }
                        return id;
                    })
                    .toList();
            Awaitility.await().until(() -> {
                together(scene.gateway().gateway(), replica);
                return one.received().size() >= 60 && other.received().size() >= 60;
            });
            TestGateway.await(replica.close());

            assertThat(one.ids()).containsExactlyInAnyOrderElementsOf(ids);
            assertThat(other.ids()).containsExactlyInAnyOrderElementsOf(ids);
            assertThat(scene.rows("SELECT count(*), count(*) FILTER (WHERE state = 'delivered')"
                            + " FROM checkout_gateway.webhook_deliveries"))
                    .containsExactly(List.of("120", "120"));
        }
    }

    private static void together(Gateway... gateways) {
        TestGateway.await(
                Future.all(Stream.of(gateways).map(Gateway::deliverNow).toList()));
    }

    @Test
    void deliver_silentEndpoints_doNotHoldUpTheOthers() {
        try (OutgoingScene scene = OutgoingScene.start(PATIENT);
                StandardReceiver silent = new StandardReceiver();
                StandardReceiver good = new StandardReceiver()) {
            silent.staysSilent();
            // One is known to fail for each that may be tried at once, and some more; one has just fallen silent.
            IntStream.range(0, 14)
                    .forEach(i -> assertThat(scene.endpoint(silent)).isNotEmpty());
            scene.execute("UPDATE checkout_gateway.webhook_endpoints SET failing_since = now()");
            scene.endpoint(silent);
            scene.endpoint(good);
            IntStream.range(0, 30).forEach(i -> scene.news(COMPLETED));

            long begun = System.nanoTime();
            // Not waited for: the silent ones take it longer than the test.
            Future<Void> ignored = scene.gateway().gateway().deliverNow();
            Awaitility.await()
                    .until(() -> Set.copyOf(good.ids()).size() == 30
                            && silent.received().size() >= 20);
            int tried = silent.received().size();
            Duration taken = Duration.ofNanos(System.nanoTime() - begun);

            assertThat(tried)
                    .as("a quarter of 48 for those that fail, 8 for the other, and others when their time is over")
                    .isLessThanOrEqualTo((12 + 8) * (1 + (int) taken.dividedBy(TIMEOUT)));
        }
    }

    @Test
    void deliveriesAndTests_inTheLogs_showNeitherUrlNorSecret() {
        Logger ours = (Logger) LoggerFactory.getLogger("io.checkoutgateway");
        ours.setLevel(Level.DEBUG);
        try (WrittenLines written = new WrittenLines(ours.getName());
                OutgoingScene scene = OutgoingScene.start();
                StandardReceiver receiver = new StandardReceiver()) {
            JsonObject endpoint = scene.endpoint(receiver);
            scene.news(COMPLETED);
            scene.deliver();
            receiver.answersWith(410);
            scene.news(COMPLETED);
            scene.deliver();

            String logs = written.soFar().stream()
                    .map(line -> line.getFormattedMessage() + line.getKeyValuePairs())
                    .collect(Collectors.joining("\n"));
            assertThat(logs)
                    .contains("webhook delivered", "webhook not delivered", "webhook endpoint disabled")
                    .contains(endpoint.getString("id"))
                    .doesNotContain("/hooks", "whsec_", endpoint.getString("secret"));
        } finally {
            ours.setLevel(null);
        }
    }
}
