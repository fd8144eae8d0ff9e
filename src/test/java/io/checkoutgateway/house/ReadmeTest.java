package io.checkoutgateway.house;

import static org.assertj.core.api.Assertions.assertThat;

import io.checkoutgateway.settings.Setting;
import io.checkoutgateway.settings.Settings;
import io.checkoutgateway.testing.Patience;
import io.checkoutgateway.testing.TestGateway;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class ReadmeTest {
    private static final Path README = Path.of("README.md");
    private static final Pattern SHELL_BLOCK = Pattern.compile("```sh\n(.*?)```", Pattern.DOTALL);
    private static final String ENVIRONMENT_LINE = ". target/demo.env\n";

    @Test
    void settingsTable_listsWhatCanBeSet_andNothingElse() throws IOException {
        List<String> rows = Files.readAllLines(README).stream()
                .filter(line -> line.startsWith("| `") && line.matches("\\| `[A-Z_]+` \\|.*"))
                .toList();

        assertThat(rows)
                .isEqualTo(Settings.catalogue().stream().map(ReadmeTest::row).toList());
    }

    private static String row(Setting setting) {
        return "| `%s` | %s | %s |".formatted(setting.name(), preset(setting), setting.meaning());
    }

    private static String preset(Setting setting) {
        if (setting.required()) {
            return "**required**";
        }
        if (setting.name().equals("GATEWAY_EVENT_LOOPS")) {
            return "processors";
        }
        return setting.preset() == null ? "" : "`" + setting.preset() + "`";
    }

    /** The demo's gateway on other ports: the commands only see what {@code target/demo.env} would tell them. */
    @Test
    void curlCommands_againstARunningGateway_answerJson() throws Exception {
        List<String> commands = SHELL_BLOCK
                .matcher(Files.readString(README))
                .results()
                .map(block -> block.group(1).replace(ENVIRONMENT_LINE, ""))
                .filter(block -> block.startsWith("curl"))
                .toList();
        assertThat(commands).hasSize(3);

        try (TestGateway gateway = TestGateway.start(Map.of("GATEWAY_STREAM_HEARTBEAT", "PT0.2S"))) {
            Map<String, String> environment = Map.of(
                    "GATEWAY_URL", gateway.url().toString(),
                    "GATEWAY_API_KEY", gateway.key(),
                    "GATEWAY_CUSTOMER_ID", gateway.customer());

            assertThat(run(commands.get(0), environment)).contains("\"status\":\"open\"", "\"mode\":\"setup\"");
            assertThat(run(commands.get(1), environment)).contains("\"status\":\"open\"", "\"meta\"");
            // A stream does not end; curl does with the heartbeat that nobody takes.
            assertThat(run(commands.get(2).strip() + " | grep -m 1 opened", environment))
                    .contains("event: checkout_session.opened");
        }
    }

    private static String run(String command, Map<String, String> environment) throws Exception {
        ProcessBuilder shell = new ProcessBuilder("bash", "-euc", command).redirectErrorStream(true);
        shell.environment().putAll(environment);
        Process process = shell.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(Patience.LIMIT.toMillis(), TimeUnit.MILLISECONDS))
                .as("the command ends")
                .isTrue();
        return output;
    }
}
