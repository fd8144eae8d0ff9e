package io.checkoutgateway.bench;

import io.checkoutgateway.bench.Measurement.Outcome;
import io.checkoutgateway.bench.Measurement.Run;
import io.checkoutgateway.bench.Measurement.Target;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** The results as a page in Markdown: the promises first, then every run. */
final class Report {
    private final StringBuilder promises = new StringBuilder(
            """
            | promise | target | median | spread | met |
            |---|---|---|---|---|
            """);
    private final StringBuilder runs = new StringBuilder();
    private boolean good = true;

    void add(Measurement measurement, Outcome outcome) {
        outcome.targets().forEach(target -> promises.append(line(target, outcome.errors())));
        runs.append("\n## ").append(measurement.name()).append("\n\n");
        runs.append(measurement.question()).append("\n\n");
        runs.append(
                """
                | side | answers/s | p50 ms | p99 ms | max ms | server CPU µs/answer | errors |
                |---|---|---|---|---|---|---|
                """);
        outcome.runs().forEach(run -> runs.append(line(run)));
        outcome.notes().forEach(note -> runs.append(note.equals(outcome.notes().get(0)) ? "\n- " : "- ")
                .append(note)
                .append('\n'));
        good &= outcome.errors() == 0 && outcome.targets().stream().allMatch(Target::met);
    }

    /** Whether every promise was kept and no answer was an error. */
    boolean good() {
        return good;
    }

    private static String line(Target target, long errors) {
        List<Double> rounds = target.rounds();
        String met = errors > 0 ? errors + " errors" : target.met() ? "yes" : "no";
        return String.format(
                Locale.ROOT,
                "| %s | %s %s | %.2f | %.2f to %.2f | %s |%n",
                target.promise(),
                target.atLeast() ? "≥" : "≤",
                target.limit(),
                target.median(),
                Collections.min(rounds),
                Collections.max(rounds),
                met);
    }

    private static String line(Run run) {
        Load.Result result = run.result();
        return String.format(
                Locale.ROOT,
                "| %s | %.0f | %s | %s | %s | %s | %d |%n",
                run.side(),
                result.perSecond(),
                figure(result.p50Millis(), 2),
                figure(result.p99Millis(), 2),
                figure(result.maxMillis(), 2),
                figure(run.cpuMicros(), 0),
                result.errors());
    }

    /** A dash for what is not known. */
    private static String figure(double value, int decimals) {
        return Double.isNaN(value) ? "–" : String.format(Locale.ROOT, "%." + decimals + "f", value);
    }

    @Override
    public String toString() {
        String machine = "%d processors (loader, server and database share them), Java %s, %s"
                .formatted(
                        Runtime.getRuntime().availableProcessors(),
                        Runtime.version(),
                        List.of(System.getProperty("os.name"), System.getProperty("os.arch")).stream()
                                .collect(Collectors.joining(" ")));
        return machine + "\n\n" + promises + runs;
    }
}
