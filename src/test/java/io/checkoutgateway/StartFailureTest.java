package io.checkoutgateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import io.checkoutgateway.testing.CommandProcess;
import io.checkoutgateway.testing.FreePorts;
import io.checkoutgateway.testing.Terminal;
import io.checkoutgateway.testing.Terminal.Result;
import io.checkoutgateway.testing.TestDatabase;
import io.checkoutgateway.testing.TestGateway;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** An operator whose program does not start is told in a sentence what to look at. */
class StartFailureTest {
    private static final TestDatabase EMPTY = TestDatabase.empty();
    private static final Terminal TERMINAL = new Terminal(Main::commandLine);

    /** Commands that open the database each in a way of their own; the serving one does not migrate. */
    static Stream<Arguments> commands() {
        return Stream.of(
                command("serve"),
                command("keys", "list"),
                command("events", "list"),
                command("audit", "verify"),
                command("secrets", "rotate"),
                command("backfill", "list"),
                command("sessions", "pull", "cs_test_none"));
    }

    private static Arguments command(String... words) {
        return argumentSet(String.join(" ", words), List.of(words));
    }

    private static Result run(String databaseUrl, List<String> command) {
        Map<String, String> settings = new HashMap<>(TestDatabase.LIMITS);
        settings.put("DATABASE_URL", databaseUrl);
        settings.put("DATABASE_MIGRATE", "false");
        settings.put("GATEWAY_SECRETS_KEY", TestGateway.SECRETS_KEY);
        settings.put("GATEWAY_HTTP_PORT", "0");
        settings.put("GATEWAY_MANAGEMENT_PORT", "0");
        settings.forEach(System::setProperty);
        try {
            return TERMINAL.run(command.get(0), command.stream().skip(1).toArray(String[]::new));
        } finally {
            settings.keySet().forEach(System::clearProperty);
        }
    }

    private static void isASentence(Result result, String... told) {
        assertThat(result.code()).isEqualTo(1);
        assertThat(result.err().lines()).hasSize(1);
        assertThat(result.err()).contains(told).doesNotContain("Exception", "canary");
    }

    @ParameterizedTest
    @MethodSource("commands")
    void run_nobodyListensAtTheDatabasesPort_namesItAndTheReason(List<String> command) throws IOException {
        try (Socket nobody = FreePorts.refusing()) {
            String where = "127.0.0.1:" + nobody.getLocalPort() + "/gateway";

            Result result = run("postgresql://gateway:canary@" + where, command);

            isASentence(result, "Postgres at " + where + " (DATABASE_URL): Connection refused");
        }
    }

    @ParameterizedTest
    @MethodSource("commands")
    void run_postgresRefusesTheRole_namesItAndTheReason(List<String> command) {
        Result result = run(EMPTY.url().replaceFirst("//[^@]*@", "//nobody:canary@"), command);

        isASentence(result, "Postgres at 127.0.0.1:", "(DATABASE_URL)", "role \"nobody\" does not exist");
    }

    @ParameterizedTest
    @MethodSource("commands")
    void run_databaseWithoutTables_saysWhatMakesThem(List<String> command) {
        isASentence(run(EMPTY.url(), command), "does not exist", "gateway migrate", "DATABASE_MIGRATE=true");
    }

    @Test
    void sandbox_portTaken_saysTheReasonAndTheOption() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Result result = TERMINAL.run("sandbox", "--port", Integer.toString(taken.getLocalPort()));

            isASentence(result, "127.0.0.1:" + taken.getLocalPort(), "in use", "--port");
        }
    }

    @Test
    void demo_sandboxesPortTaken_saysTheReasonAndTheVariable() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String port = Integer.toString(taken.getLocalPort());

            CommandProcess.Ended demo = CommandProcess.run(Map.of("STRIPE_SANDBOX_PORT", port), "demo");

            assertThat(demo.code()).isEqualTo(1);
            assertThat(demo.output())
                    .contains("The Stripe sandbox cannot listen on 127.0.0.1:" + port, "in use", "STRIPE_SANDBOX_PORT")
                    .doesNotContain("Exception", "\tat ");
        }
    }

    @Test
    void sandbox_portThatIsNone_isWrongUsage() {
        Result result = TERMINAL.run("sandbox", "--port", "70000");

        assertThat(result.code()).isEqualTo(2);
        assertThat(result.err()).contains("port must be between 0 and 65535, was 70000");
    }

    /** The embedded server is unpacked where this property says, in a JVM that has not unpacked it yet. */
    @Test
    void demo_embeddedPostgresCannotBeUnpacked_saysSo(@TempDir Path directory) throws Exception {
        Path file = Files.createFile(directory.resolve("no-directory"));

        CommandProcess.Ended demo =
                CommandProcess.run(Map.of("JAVA_TOOL_OPTIONS", "-Dot.epg.working-dir=" + file), "demo");

        assertThat(demo.code()).isEqualTo(1);
        assertThat(demo.output()).contains("embedded database did not start").doesNotContain("Exception", "\tat ");
    }
}
