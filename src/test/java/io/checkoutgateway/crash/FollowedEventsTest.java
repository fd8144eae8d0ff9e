package io.checkoutgateway.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.checkoutgateway.testing.CommandProcess;
import io.checkoutgateway.testing.Patience;
import io.checkoutgateway.testing.SignedEvents;
import io.checkoutgateway.testing.TestGateway;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code gateway events list --follow}, which ends when somebody ends it. */
class FollowedEventsTest {
    /** 128 and the number of SIGTERM, as shells tell it. */
    private static final int TERMINATED = 143;

    /** Says that a thread was slow, which a busy machine makes it. */
    private static final String SLOWNESS = "io.vertx.core.impl.BlockedThreadChecker";

    @Test
    void follow_terminated_hasToldOfWhatCameAndEndsWithoutAWord(@TempDir Path directory)
            throws IOException, InterruptedException {
        Path told = directory.resolve("told");
        try (TestGateway gateway = TestGateway.start()) {
            SignedEvents stripe = new SignedEvents(gateway);
            Process follower = CommandProcess.launch(
                    gateway.settings(),
                    told,
                    "events",
                    "list",
                    "--namespace",
                    TestGateway.NAMESPACE,
                    "--interval",
                    "PT1S",
                    "--since",
                    "2000-01-01T00:00:00Z",
                    "--follow");
            try {
                String before = stripe.deliver("invoice.paid", new JsonObject().put("id", "in_1"));
                Awaitility.await().until(() -> Files.readString(told).contains(before));
                String later = stripe.deliver("invoice.paid", new JsonObject().put("id", "in_2"));
                Awaitility.await().until(() -> Files.readString(told).contains(later));

                follower.destroy();

                assertThat(follower.waitFor(Patience.LIMIT.toMillis(), TimeUnit.MILLISECONDS))
                        .isTrue();
                assertThat(follower.exitValue()).isEqualTo(TERMINATED);
                assertThat(Files.readAllLines(told))
                        .filteredOn(line -> !line.contains(SLOWNESS))
                        .satisfiesExactly(line -> assertThat(line).contains(before), line -> assertThat(line)
                                .contains(later));
            } finally {
                follower.destroyForcibly();
            }
        }
    }
}
