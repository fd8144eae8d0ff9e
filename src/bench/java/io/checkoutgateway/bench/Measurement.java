package io.checkoutgateway.bench;

import java.time.Duration;
import java.util.List;
import java.util.function.LongSupplier;

/** One question about speed, answered side by side with a baseline. */
interface Measurement {
    /**
     * How much of it is wanted.
     *
     * @param rounds how often both sides are measured, in turn
     * @param warmUp the time before anything counts, for each side and round
     * @param time the time that counts, for each side and round
     * @param rows how many sessions a table holds that is called big
     */
    record Plan(int rounds, Duration warmUp, Duration time, int rows) {}

    /**
     * One side of one round.
     *
     * @param side what was measured
     * @param cpuMicros processor time that the server's process took for each answer, whatever else the machine did
     */
    record Run(String side, Load.Result result, double cpuMicros) {}

    /**
     * A promise and what came of it.
     *
     * @param rounds the figure of each round; the median counts
     * @param limit what the median may at least be, or at most
     */
    record Target(String promise, List<Double> rounds, boolean atLeast, double limit) {
        double median() {
            double[] sorted =
                    rounds.stream().mapToDouble(Double::doubleValue).sorted().toArray();
            int middle = sorted.length / 2;
            return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
        }

        boolean met() {
            return atLeast ? median() >= limit : median() <= limit;
        }
    }

    /**
     * All that was seen and what it means.
     *
     * @param notes what a reader must know of this run: versions, and what figures alone do not say
     */
    record Outcome(List<Run> runs, List<Target> targets, List<String> notes) {
        Outcome(List<Run> runs, List<Target> targets) {
            this(runs, targets, List.of());
        }

        long errors() {
            return runs.stream().mapToLong(run -> run.result().errors()).sum();
        }
    }

    /** The name that chooses it on the command line. */
    String name();

    /** What is compared with what, in a sentence. */
    String question();

    /** The programs that must be found on {@code PATH}. */
    default List<String> needs() {
        return List.of();
    }

    /** Starts what it needs, measures, stops everything. */
    Outcome measure(Plan plan);

    /** Measures one side once; its server lives in this process. */
    static Run run(String side, Load load) {
        return run(side, load, Measurement::cpuNanos);
    }

    /**
     * Measures one side once.
     *
     * @param cpuNanos what the server's process has taken of the processors so far
     */
    static Run run(String side, Load load, LongSupplier cpuNanos) {
        long before = cpuNanos.getAsLong();
        Load.Result result = load.run();
        double answers = result.perSecond() * load.warmUp().plus(load.time()).toMillis() / 1e3;
        return new Run(side, result, (cpuNanos.getAsLong() - before) / 1e3 / Math.max(1, answers));
    }

    /** A side of which only the rate is known. */
    static Run rate(String side, double perSecond, Duration time) {
        Load.Result result = new Load.Result(
                Math.round(perSecond * time.toMillis() / 1e3), 0, perSecond, Double.NaN, Double.NaN, Double.NaN);
        return new Run(side, result, Double.NaN);
    }

    private static long cpuNanos() {
        return ((com.sun.management.OperatingSystemMXBean)
                        java.lang.management.ManagementFactory.getOperatingSystemMXBean())
                .getProcessCpuTime();
    }
}
