package io.checkoutgateway.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.checkoutgateway.testing.ContractClient;
import io.checkoutgateway.testing.FreePorts;
import io.checkoutgateway.testing.Patience;
import io.checkoutgateway.testing.Relay;
import io.checkoutgateway.testing.SignedEvent;
import io.checkoutgateway.testing.TestGateway;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Postgres itself dies, by SIGKILL and again and again, while events come in. */
class KilledPostgresTest {
    private static final String DATA = "data";
    private static final int KILLS = 3;
    private static final int SENDERS = 8;
    private static final int ACKNOWLEDGED_IN_A_LIFE = 100;

    private final Vertx vertx = Vertx.vertx();
    private final Relay relay = new Relay(vertx);
    private final ExecutorService senders = Executors.newFixedThreadPool(SENDERS);
    private final Set<String> acknowledged = ConcurrentHashMap.newKeySet();

    private Path directory;
    private EmbeddedPostgres postgres;

    @BeforeEach
    void start(@TempDir Path temporary) {
        directory = temporary;
        startPostgres();
    }

    @AfterEach
    void stop() throws IOException {
        senders.shutdownNow();
        ProcessHandle server = server();
        postgres.close();
        // It may take longer than its owner waits, and its files are deleted next.
        assertThat(server.onExit()).succeedsWithin(Patience.LIMIT);
        TestGateway.await(vertx.close());
    }

    /** As in production: a commit is answered when its log record is on the disk. */
    private EmbeddedPostgres postgres() throws IOException {
        EmbeddedPostgres started = EmbeddedPostgres.builder()
                .setPort(FreePorts.next())
                .setDataDirectory(directory.resolve(DATA))
                .setCleanDataDirectory(false)
                .setRegisterShutdownHook(false)
                .setPGStartupWait(Patience.LIMIT)
                .setServerConfig("unix_socket_directories", "")
                .setServerConfig("fsync", "on")
                .setServerConfig("full_page_writes", "on")
                .setServerConfig("synchronous_commit", "on")
                .start();
        relay.leadTo(started.getPort());
        return started;
    }

    /** The server itself: what started it has long ended. */
    private ProcessHandle server() throws IOException {
        List<String> lines = Files.readAllLines(directory.resolve(DATA).resolve("postmaster.pid"));
        return ProcessHandle.of(Long.parseLong(lines.get(0))).orElseThrow();
    }

    private void killPostgres() throws IOException {
        ProcessHandle server = server();
        List<ProcessHandle> backends = server.descendants().toList();
        assertThat(backends).isNotEmpty();
        assertThat(server.destroyForcibly()).isTrue();
        relay.leadTo(Relay.NOWHERE);
        assertThat(server.onExit()).succeedsWithin(Patience.LIMIT);
        // They go as soon as they notice, and keep a successor out until then.
        backends.forEach(backend -> assertThat(backend.onExit()).succeedsWithin(Patience.LIMIT));
        assertThat(directory.resolve(DATA).resolve("postmaster.pid"))
                .as("what only an orderly end removes")
                .exists();
        // Lets go of the directory; there is nothing left to stop.
        postgres.close();
    }

    /** Somebody may take the port before it does. */
    private void startPostgres() {
        postgres = Awaitility.await().ignoreExceptions().until(this::postgres, started -> true);
    }

    @Test
    void kill_whileEventsAreAcknowledged_everyOneIsThereAfterTheRecovery() throws IOException, SQLException {
        String url = "postgresql://postgres:postgres@127.0.0.1:%d/postgres".formatted(relay.port());
        try (TestGateway gateway = TestGateway.start(Map.of("DATABASE_URL", url))) {
            String path = gateway.webhookUrl().getPath();
            for (int life = 1; life <= KILLS; life++) {
                int enough = acknowledged.size() + ACKNOWLEDGED_IN_A_LIFE;
                List<CompletableFuture<Void>> sending = Stream.generate(() -> deliverUntilRefused(gateway, path))
                        .limit(SENDERS)
                        .toList();
                Awaitility.await().until(() -> acknowledged.size() >= enough);
                killPostgres();
                sending.forEach(CompletableFuture::join);
                startPostgres();
                Awaitility.await().until(() -> deliver(gateway, path) == 200);
            }

            assertThat(stored()).containsAll(acknowledged);
        }
    }

    private CompletableFuture<Void> deliverUntilRefused(TestGateway gateway, String path) {
        return CompletableFuture.runAsync(
                () -> {
                    int status = 200;
                    while (status == 200) {
                        status = deliver(gateway, path);
                    }
                    assertThat(status).isEqualTo(503);
                },
                senders);
    }

    private int deliver(TestGateway gateway, String path) {
        JsonObject event = SignedEvent.event("invoice.paid", new JsonObject());
        SignedEvent signed = SignedEvent.of(event.encode());
        int status = new ContractClient(gateway.url(), "none")
                .anonymous()
                .with("Stripe-Signature", signed.signature())
                .post(path, signed.body())
                .status();
        if (status == 200) {
            acknowledged.add(event.getString("id"));
        }
        return status;
    }

    private Set<String> stored() throws SQLException {
        try (Connection connection = postgres.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement();
                ResultSet found = statement.executeQuery("SELECT event_id FROM checkout_gateway.stripe_events")) {
            Set<String> ids = new HashSet<>();
            while (found.next()) {
                ids.add(found.getString(1));
            }
            return ids;
        }
    }
}
