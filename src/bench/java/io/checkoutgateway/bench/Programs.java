package io.checkoutgateway.bench;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;

/** Programs of the machine that baselines are made of. They are not part of a build, so they may be missing. */
final class Programs {
    private Programs() {}

    /** Those of these that are not found on {@code PATH}. */
    static List<String> missing(Collection<String> names) {
        return names.stream().filter(name -> !isFound(name)).toList();
    }

    private static boolean isFound(String name) {
        String path = System.getenv().getOrDefault("PATH", "");
        return Arrays.stream(path.split(File.pathSeparator, -1))
                .anyMatch(directory -> Files.isExecutable(Path.of(directory, name)));
    }

    /** Runs to the end; answers what was printed, in both ways, and fails with it when the program did. */
    static String output(ProcessBuilder program) {
        try {
            Process process = program.redirectErrorStream(true).start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new IllegalStateException(program.command().get(0) + " failed: " + output);
            }
            return output;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
