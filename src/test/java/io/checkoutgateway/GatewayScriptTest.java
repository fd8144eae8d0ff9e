package io.checkoutgateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.checkoutgateway.testing.CommandProcess;
import io.checkoutgateway.testing.CommandProcess.Ended;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code bin/gateway} beside a jar that leads to the classes of this build. */
class GatewayScriptTest {
    private final Path home;
    private final Path script;

    GatewayScriptTest(@TempDir Path home) throws IOException {
        this.home = home;
        Files.createDirectories(home.resolve("bin"));
        this.script =
                Files.copy(Path.of("bin/gateway"), home.resolve("bin/gateway"), StandardCopyOption.COPY_ATTRIBUTES);
    }

    private void build() throws IOException {
        Manifest manifest = new Manifest();
        Attributes main = manifest.getMainAttributes();
        main.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        main.put(Attributes.Name.MAIN_CLASS, "io.checkoutgateway.Main");
        main.put(
                Attributes.Name.CLASS_PATH,
                Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                        .map(entry -> Path.of(entry).toUri().toString())
                        .collect(Collectors.joining(" ")));
        Path jar = Files.createDirectories(home.resolve("target")).resolve("checkout-gateway.jar");
        new JarOutputStream(Files.newOutputStream(jar), manifest).close();
    }

    private Ended run(Path program, String... arguments) throws IOException, InterruptedException {
        Path log = Files.createTempFile("gateway-script-", ".log");
        List<String> words = new ArrayList<>(List.of(program.toString()));
        words.addAll(List.of(arguments));
        Map<String, String> java = Map.of("JAVA_HOME", System.getProperty("java.home"));
        return CommandProcess.ended(CommandProcess.launch(java, log, words), log);
    }

    @Test
    void gateway_byALinkFromElsewhere_runsTheCommandAndEndsAsItDoes() throws Exception {
        build();
        Path link = Files.createSymbolicLink(home.resolve("linked"), Path.of("bin/gateway"));

        Ended told = run(link, "keys", "--help");
        Ended wrong = run(script, "keys", "create", "--name", "two words");

        assertThat(told.code()).isZero();
        assertThat(told.output()).contains("Usage: gateway keys");
        assertThat(wrong.code()).isEqualTo(2);
        assertThat(wrong.output()).contains("Missing required options").doesNotContain("Unmatched argument");
    }

    @Test
    void gateway_beforeTheBuild_saysWhatBuildsIt() throws Exception {
        Ended ended = run(script, "keys", "list");

        assertThat(ended.code()).isEqualTo(1);
        assertThat(ended.output()).contains("checkout-gateway.jar is not there: mvn package -DskipTests builds it");
    }
}
