package io.checkoutgateway.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The check that the build runs over all logs finds what it is for, and nothing in harmless lines. */
class CheckLogsTest {
    private static Method findings;

    /** The program is a source file that the build runs as it is, so it is on no class path. */
    @BeforeAll
    static void compile(@TempDir Path classes) throws ReflectiveOperationException, IOException {
        int result = ToolProvider.getSystemJavaCompiler()
                .run(null, null, null, "-proc:none", "-d", classes.toString(), "checks/CheckLogs.java");
        assertThat(result).isZero();
        URLClassLoader loader =
                new URLClassLoader(new URL[] {classes.toUri().toURL()}, CheckLogsTest.class.getClassLoader());
        findings = loader.loadClass("CheckLogs").getMethod("findings", Path.class);
    }

    private static List<?> findings(Path directory) throws ReflectiveOperationException {
        return (List<?>) findings.invoke(null, directory);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "metadata is {note=CaNaRy-1}",
                "key sk_test_4eC39HqLyjWDarjtT1",
                "key rk_live_abcd",
                "secret whsec_abcdef",
                "key cgk_0123456789abcdef_00ff",
                "seti_1abc_secret_xyz",
                "{\"client_secret\": \"x\"}",
                "Authorization: Bearer abcdefghijklmnop",
                "token eyJhbGciOiJSUzI1NiJ9.eyJzdWIi.x",
                "postgresql://gateway:hunter2@localhost:5432/gateway",
                "to jane.doe+x@mail.example.com"
            })
    void line_withASecret_isFoundWithItsPlace(String line, @TempDir Path directory) throws Exception {
        Files.writeString(directory.resolve("x.SomeTest-output.txt"), "harmless\n" + line + "\n");

        assertThat(findings(directory)).hasSize(1).allSatisfy(finding -> assertThat(finding.toString())
                .contains("SomeTest-output.txt:2: ")
                .doesNotContain(line));
    }

    @Test
    void lines_withoutSecrets_passAndADirectoryWithoutOutputDoesNot(@TempDir Path directory) throws Exception {
        assertThat(findings(directory)).hasSize(1);
        Files.writeString(
                directory.resolve("x.SomeTest-output.txt"),
                "session=cs_test_a1b2 key=sk_test_**** url=postgresql://localhost:5432/gateway caller=cgk_ at 12:00@host\n");

        assertThat(findings(directory)).isEmpty();
    }
}
