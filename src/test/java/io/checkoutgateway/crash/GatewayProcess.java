package io.checkoutgateway.crash;

import io.checkoutgateway.testing.Patience;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/** One {@code gateway serve} in a JVM of its own, configured through its environment alone. */
final class GatewayProcess implements AutoCloseable {
    /**
     * A process that lives for seconds: the cheap compiler and collector are the fast ones, and the method that checks the
     * contract is too large to be compiled otherwise.
     */
    private static final List<String> FAST_START = List.of(
            "-XX:TieredStopAtLevel=1", "-XX:-DontCompileHugeMethods", "-Xshare:auto", "-XX:+UseSerialGC", "-Xmx256m");

    /** The language in which most programs that compare words by the machine's language fail. */
    private static final List<String> TURKISH = List.of("-Duser.language=tr", "-Duser.country=TR");

    private final Process process;
    private final Path log;
    private final int port;

    private GatewayProcess(Process process, Path log) {
        this.process = process;
        this.log = log;
        this.port = awaitStarted();
    }

    /** Starts one and waits until it serves. */
    static GatewayProcess start(Map<String, String> settings) {
        try {
            Path log = Files.createTempFile("gateway-process-", ".log");
            return new GatewayProcess(launch(settings, log, "serve"), log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts any command; all that it writes goes to this file. */
    static Process launch(Map<String, String> settings, Path log, String... arguments) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(FAST_START);
        command.addAll(TURKISH);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), "io.checkoutgateway.Main"));
        command.addAll(List.of(arguments));
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
        builder.environment().keySet().removeIf(GatewayProcess::isSetting);
        builder.environment().putAll(settings);
        return builder.start();
    }

    private static boolean isSetting(String name) {
        return Stream.of("GATEWAY_", "STRIPE_", "DATABASE_", "LOG_").anyMatch(name::startsWith);
    }

    private int awaitStarted() {
        return Awaitility.await().until(this::portOrEnd, found -> found > 0);
    }

    private int portOrEnd() {
        if (!process.isAlive()) {
            throw new AssertionError("the gateway ended:\n" + output());
        }
        return portFromLog();
    }

    private int portFromLog() {
        String output = output();
        // A line may be read while it is being written.
        return output.substring(0, output.lastIndexOf('\n') + 1)
                .lines()
                .filter(line -> line.contains("\"checkout gateway started\""))
                .findFirst()
                .map(line -> new JsonObject(line).getInteger("port"))
                .orElse(0);
    }

    /** Where the API listens. */
    int port() {
        return port;
    }

    long pid() {
        return process.pid();
    }

    /** Everything it has written. */
    String output() {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** SIGKILL: nothing is finished, nothing is cleaned up. */
    void kill() {
        process.destroyForcibly();
        awaitEnd();
    }

    /** SIGTERM: the process is asked to stop. */
    void terminate() {
        process.destroy();
    }

    /** Waits for the end; answers the exit code. */
    int awaitEnd() {
        try {
            if (!process.waitFor(Patience.LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new AssertionError("the gateway did not end:\n" + output());
            }
            return process.exitValue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    List<ProcessHandle> children() {
        return process.descendants().toList();
    }

    @Override
    public void close() {
        kill();
        try {
            // So that it is searched for secrets like everything else that tests write.
            System.out.print(output());
            Files.deleteIfExists(log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
