package io.checkoutgateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

/** The command line as somebody meets it who does not know it. */
class MainTest {
    static Stream<List<String>> commands() {
        return commandsOf(Main.commandLine(), List.of());
    }

    private static Stream<List<String>> commandsOf(CommandLine command, List<String> path) {
        return Stream.concat(
                Stream.of(path),
                command.getSubcommands().entrySet().stream()
                        .flatMap(entry -> commandsOf(
                                entry.getValue(),
                                Stream.concat(path.stream(), Stream.of(entry.getKey()))
                                        .toList())));
    }

    @ParameterizedTest
    @MethodSource("commands")
    void help_ofEveryCommand_tellsHowItIsUsed(List<String> command) {
        assertThat(printed(command, "--help"))
                .contains("Usage: "
                        + String.join(
                                " ",
                                Stream.concat(Stream.of("gateway"), command.stream())
                                        .toList()));
    }

    @ParameterizedTest
    @MethodSource("commands")
    void version_ofEveryCommand_isTheProgramsOwn(List<String> command) {
        assertThat(printed(command, "--version")).startsWith("gateway ").hasSizeGreaterThan("gateway ".length() + 1);
    }

    private static String printed(List<String> command, String option) {
        StringWriter out = new StringWriter();
        String[] arguments = Stream.concat(command.stream(), Stream.of(option)).toArray(String[]::new);

        assertThat(Main.commandLine().setOut(new PrintWriter(out, true)).execute(arguments))
                .isZero();
        return out.toString();
    }
}
