package io.checkoutgateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
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

    static Stream<Arguments> times() {
        String moment = "a moment is written as 2026-11-22T09:00:00Z or,";
        return Stream.of(
                argumentSet("backfill --from", moment, List.of("backfill", "--from", "tomorrow")),
                argumentSet("backfill --to", moment, List.of("backfill", "--to", "2026-1-1")),
                argumentSet("drift --from", moment, List.of("drift", "--from", "last week")),
                argumentSet("catch-up --since", moment, List.of("catch-up", "--since", "yesterday")),
                argumentSet(
                        "audit verify",
                        "a duration is written as PT5M or P2D, was \"5m\"",
                        List.of("audit", "verify", "--unchained-limit", "5m")));
    }

    @ParameterizedTest
    @MethodSource("times")
    void timesAndDurations_thatAreNone_areRefusedInWordsOfTheCommandLine(String told, List<String> words) {
        StringWriter err = new StringWriter();

        int code = Main.commandLine().setErr(new PrintWriter(err, true)).execute(words.toArray(String[]::new));

        assertThat(code).isEqualTo(CommandLine.ExitCode.USAGE);
        assertThat(err.toString()).contains(told).doesNotContain("java.", "Exception");
    }

    private static String printed(List<String> command, String option) {
        StringWriter out = new StringWriter();
        String[] arguments = Stream.concat(command.stream(), Stream.of(option)).toArray(String[]::new);

        assertThat(Main.commandLine().setOut(new PrintWriter(out, true)).execute(arguments))
                .isZero();
        return out.toString();
    }
}
