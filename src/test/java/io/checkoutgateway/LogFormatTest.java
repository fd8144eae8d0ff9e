package io.checkoutgateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.checkoutgateway.testing.CommandProcess;
import io.checkoutgateway.testing.CommandProcess.Ended;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Words about the log, from wherever settings come; the libraries of every command have something to say at DEBUG. */
class LogFormatTest {
    private static final String NOWHERE = "postgresql://gateway@127.0.0.1:1/gateway";

    @Test
    void log_wordsOfTheFileInAnyCase_areTaken(@TempDir Path directory) throws Exception {
        Path file = Files.writeString(
                directory.resolve("gateway.properties"),
                "LOG_FORMAT=JSON\nLOG_LEVEL=debug\nDATABASE_URL=" + NOWHERE + "\n");

        Ended ended = CommandProcess.run(Map.of("GATEWAY_CONFIG_FILE", file.toString()), "keys", "list");

        assertThat(ended.output()).contains("\"level\":\"DEBUG\"", "Connection refused");
    }

    @Test
    void log_wordsThatAreNone_areRefusedAndWhatIsLoggedIsAsPreset() throws Exception {
        Ended ended = CommandProcess.run(
                Map.of("DATABASE_URL", NOWHERE, "LOG_FORMAT", "logfmt", "LOG_LEVEL", "warning"), "keys", "list");

        assertThat(ended.code()).isEqualTo(1);
        assertThat(ended.output())
                .contains("LOG_FORMAT must be one of json, text, was \"logfmt\"")
                .contains("LOG_LEVEL must be one of TRACE, DEBUG, INFO, WARN, ERROR, OFF, was \"warning\"")
                .doesNotContain("DEBUG io.", "\"level\":\"DEBUG\"");
    }

    @Test
    void log_textAtDebug_isForPeople() throws Exception {
        Ended ended = CommandProcess.run(
                Map.of("DATABASE_URL", NOWHERE, "LOG_FORMAT", "text", "LOG_LEVEL", "DEBUG"), "keys", "list");

        assertThat(ended.output()).containsPattern("(?m)^\\d\\d:\\d\\d:\\d\\d\\.\\d{3} DEBUG ");
    }
}
