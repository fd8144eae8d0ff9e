package io.checkoutgateway.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Commands in a JVM of their own, configured through its environment alone. */
public final class CommandProcess {
    /**
     * A process that lives for seconds: the cheap compiler and collector are the fast ones, and the method that checks the
     * contract is too large to be compiled otherwise.
     */
    private static final List<String> FAST_START = List.of(
            "-XX:TieredStopAtLevel=1", "-XX:-DontCompileHugeMethods", "-Xshare:auto", "-XX:+UseSerialGC", "-Xmx256m");

    /** The language in which most programs that compare words by the machine's language fail. */
    private static final List<String> TURKISH = List.of("-Duser.language=tr", "-Duser.country=TR");

    private CommandProcess() {}

    /** What a command came to: its exit code, and all that it wrote to both of its streams. */
    public record Ended(int code, String output) {}

    /** Starts any command; all that it writes goes to this file. */
    public static Process launch(Map<String, String> settings, Path log, String... arguments) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(FAST_START);
        command.addAll(TURKISH);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), "io.checkoutgateway.Main"));
        command.addAll(List.of(arguments));
        return launch(settings, log, command);
    }

    /** Starts any program with these settings and no others; all that it writes goes to this file. */
    public static Process launch(Map<String, String> settings, Path log, List<String> program) throws IOException {
        ProcessBuilder builder =
                new ProcessBuilder(program).redirectErrorStream(true).redirectOutput(log.toFile());
        builder.environment().keySet().removeIf(CommandProcess::isSetting);
        builder.environment().putAll(settings);
        return builder.start();
    }

    private static boolean isSetting(String name) {
        return Stream.of("GATEWAY_", "STRIPE_", "DATABASE_", "LOG_", "ACCESS_LOG_")
                .anyMatch(name::startsWith);
    }

    /** Runs a command that ends by itself. */
    public static Ended run(Map<String, String> settings, String... arguments)
            throws IOException, InterruptedException {
        Path log = Files.createTempFile("command-process-", ".log");
        return ended(launch(settings, log, arguments), log);
    }

    /** Waits for the end of what writes to this file, which is deleted then. */
    public static Ended ended(Process process, Path log) throws IOException, InterruptedException {
        try {
            if (!process.waitFor(Patience.LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new AssertionError("the command did not end:\n" + Files.readString(log));
            }
            String output = Files.readString(log);
            // So that it is searched for secrets like everything else that tests write.
            System.out.print(output);
            return new Ended(process.exitValue(), output);
        } finally {
            process.destroyForcibly();
            Files.deleteIfExists(log);
        }
    }
}
