package io.checkoutgateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.checkoutgateway.testing.CommandProcess;
import io.checkoutgateway.testing.RawHttp;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A sandbox for several machines, which one of them controls. */
class SandboxCommandTest {
    private static final Pattern LISTENS = Pattern.compile("listens at (http://\\S+);");

    /** As a request looks that came by another name than this machine's. */
    @ParameterizedTest
    @CsvSource({"--remote-control,200", "--host=127.0.0.1,403"})
    void sandbox_controlByAnotherMachinesName_isObeyedWhereThatIsWanted(
            String option, int status, @TempDir Path directory) throws Exception {
        Path log = directory.resolve("log");
        Process sandbox = CommandProcess.launch(Map.of(), log, "sandbox", "--port", "0", option);
        try {
            URI base = Awaitility.await()
                    .until(() -> baseUri(Files.readString(log)), Optional::isPresent)
                    .orElseThrow();

            try (RawHttp http = RawHttp.to(base)) {
                assertThat(http.request("GET /_sandbox HTTP/1.1").answer().status())
                        .isEqualTo(status);
            }
        } finally {
            assertThat(sandbox.destroyForcibly().waitFor()).isNotZero();
        }
    }

    private static Optional<URI> baseUri(String output) {
        return LISTENS.matcher(output)
                .results()
                .map((MatchResult found) -> URI.create(found.group(1)))
                .findFirst();
    }
}
