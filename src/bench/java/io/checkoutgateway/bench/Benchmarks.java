package io.checkoutgateway.bench;

import io.checkoutgateway.bench.Measurement.Plan;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Runs the measurements and writes {@code target/bench/results.md}. Arguments: names of measurements (all when there is
 * none), {@code rounds=3}, {@code seconds=20}, {@code warmup=5}, {@code rows=10000000}. Ends with 1 when a promise was
 * not kept or an answer was an error, and with 2 when a program is missing that a baseline needs, with 3 when a
 * measurement could not be made.
 */
final class Benchmarks {
    private static final Path DIRECTORY = Path.of("target", "bench");
    private static final List<Measurement> ALL = List.of(
            new ValidatedCreate(),
            new CreateLatency(),
            new SessionRead(),
            new Ingestion(),
            new ApplyLag(),
            new ManyRows());

    private static final int MISSING = 2;
    private static final int FAILED = 3;

    private final Set<String> chosen = new TreeSet<>();
    private int rounds = 3;
    private int seconds = 20;
    private int warmUp = 5;
    private int rows = 10_000_000;

    private Benchmarks(List<String> arguments) {
        arguments.forEach(this::read);
    }

    private void read(String argument) {
        String[] parts = argument.split("(?<==)", 2);
        switch (parts[0]) {
            case "rounds=" -> rounds = Integer.parseInt(parts[1]);
            case "seconds=" -> seconds = Integer.parseInt(parts[1]);
            case "warmup=" -> warmUp = Integer.parseInt(parts[1]);
            case "rows=" -> rows = Integer.parseInt(parts[1]);
            default -> {
                if (ALL.stream().noneMatch(measurement -> measurement.name().equals(argument))) {
                    throw new IllegalArgumentException("There is no measurement or option \"" + argument
                            + "\"; there are %s, rounds=, seconds=, warmup=, rows=".formatted(names()));
                }
                chosen.add(argument);
            }
        }
    }

    private static String names() {
        return ALL.stream().map(Measurement::name).collect(Collectors.joining(", "));
    }

    public static void main(String[] args) {
        try {
            System.exit(statusOf(args));
        } catch (IOException | RuntimeException failure) {
            // What was started may still run, and would keep the process alive.
            failure.printStackTrace();
            System.exit(FAILED);
        }
    }

    private static int statusOf(String[] args) throws IOException {
        Files.createDirectories(Path.of(System.getProperty("java.io.tmpdir")));
        Files.createDirectories(DIRECTORY);
        PrintStream console = System.out;
        Benchmarks benchmarks = new Benchmarks(List.of(args));
        List<String> missing = benchmarks.missingPrograms();
        if (!missing.isEmpty()) {
            console.println("not found on PATH: " + String.join(", ", missing));
            return MISSING;
        }
        Report report;
        // The gateway writes its log as in production, but to a file.
        try (PrintStream log = new PrintStream(
                new FileOutputStream(DIRECTORY.resolve("gateway.log").toFile()), false, StandardCharsets.UTF_8)) {
            System.setOut(log);
            report = benchmarks.run(console);
        }
        System.setOut(console);
        Files.writeString(DIRECTORY.resolve("results.md"), report.toString());
        console.println(report);
        return report.good() ? 0 : 1;
    }

    private Report run(PrintStream console) {
        Plan plan = new Plan(rounds, Duration.ofSeconds(warmUp), Duration.ofSeconds(seconds), rows);
        Report report = new Report();
        for (Measurement measurement : wanted()) {
            console.println("measuring " + measurement.name() + " ...");
            report.add(measurement, measurement.measure(plan));
        }
        return report;
    }

    private List<String> missingPrograms() {
        Set<String> needed = new TreeSet<>();
        wanted().forEach(measurement -> needed.addAll(measurement.needs()));
        return Programs.missing(needed);
    }

    private List<Measurement> wanted() {
        List<Measurement> wanted = new ArrayList<>(ALL);
        wanted.removeIf(measurement -> !chosen.isEmpty() && !chosen.contains(measurement.name()));
        return wanted;
    }
}
