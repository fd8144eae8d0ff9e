package io.checkoutgateway.bench;

import io.checkoutgateway.sandbox.EmbeddedDatabase;
import io.checkoutgateway.sandbox.EmbeddedDatabaseOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Whether lists and ingestion stay as fast when millions of sessions are stored. */
final class ManyRows implements Measurement {
    private static final int CONNECTIONS = 32;
    private static final double RATIO_LEAST = 0.8;

    /** Of each kind for each gateway, before the first round: compilers take their time. */
    private static final Duration LONG_WARM_UP = Duration.ofSeconds(10);

    /** What is asked of both gateways. */
    private enum Kind {
        FIRST_PAGE("first page"),
        DEEP_PAGE("page in the middle"),
        FILTERED("filtered lists"),
        INGESTION("ingestion");

        private final String words;

        Kind(String words) {
            this.words = words;
        }

        List<String> requests(Stage stage, int sessions) {
            Lists lists = new Lists(stage, sessions);
            return switch (this) {
                case FIRST_PAGE -> lists.first();
                case DEEP_PAGE -> lists.deep();
                case FILTERED -> lists.filtered();
                case INGESTION -> List.of(stage.webhook(Events.sessionCompleted()));
            };
        }
    }

    /** A gateway and how many sessions it holds. */
    private record Side(Stage stage, int sessions) {
        Run run(Kind kind, Plan plan) {
            Load load = new Load(
                    stage.port(),
                    kind.requests(stage, sessions),
                    CONNECTIONS,
                    0,
                    plan.warmUp(),
                    plan.time(),
                    Stage.SIGNING_SECRET);
            new Inbox(stage.sql()).checkpoint();
            Run run = Measurement.run(String.format(Locale.ROOT, "%s, %,d sessions", kind.words, sessions), load);
            new Inbox(stage.sql()).forgetPending();
            return run;
        }
    }

    @Override
    public String name() {
        return "rows";
    }

    @Override
    public String question() {
        return "Requests a second with millions of sessions and half as many applied events stored, against the same with "
                + String.format(Locale.ROOT, "%,d", Filling.FEW)
                + ": the first page of the preset order, pages between a tenth and nine tenths of it, lists filtered by"
                + " status, customer, reference, metadata and time, and signed events made durable. Two gateways with"
                + " their presets on one Postgres; " + CONNECTIONS + " connections.";
    }

    @Override
    public Outcome measure(Plan plan) {
        try (EmbeddedDatabase server = EmbeddedDatabase.start(forManyRows())) {
            new Filling(server, "few_rows", Filling.FEW).run();
            long startNanos = System.nanoTime();
            new Filling(server, "many_rows", plan.rows()).run();
            String note = "filled with %,d sessions in %d s, %s on disk"
                    .formatted(plan.rows(), (System.nanoTime() - startNanos) / 1_000_000_000, size(server));
            try (Stage few = new Stage(server, "few_rows");
                    Stage many = new Stage(server, "many_rows")) {
                return compare(plan, new Side(few, Filling.FEW), new Side(many, plan.rows()), note);
            }
        }
    }

    /** What operations.md advises for a database of this size: the presets of Postgres are for a tenth of the memory. */
    private static EmbeddedDatabaseOptions forManyRows() {
        return EmbeddedDatabaseOptions.durable()
                .withParameter("shared_buffers", "4GB")
                .withParameter("max_wal_size", "8GB")
                .withParameter("checkpoint_timeout", "15min");
    }

    private static Outcome compare(Plan plan, Side few, Side many, String note) {
        List<Run> runs = new ArrayList<>();
        List<Target> targets = new ArrayList<>();
        Plan longWarmUp = new Plan(1, Duration.ZERO, LONG_WARM_UP, plan.rows());
        for (Kind kind : Kind.values()) {
            requireGood(few.run(kind, longWarmUp));
            requireGood(many.run(kind, longWarmUp));
        }
        for (Kind kind : Kind.values()) {
            List<Double> ratios = new ArrayList<>();
            for (int round = 0; round < plan.rounds(); round++) {
                Run baseline = few.run(kind, plan);
                Run full = many.run(kind, plan);
                runs.addAll(List.of(baseline, full));
                ratios.add(full.result().perSecond() / baseline.result().perSecond());
            }
            targets.add(
                    new Target(kind.words + " with many rows, share of the rate with few", ratios, true, RATIO_LEAST));
        }
        return new Outcome(runs, targets, List.of(note));
    }

    private static void requireGood(Run run) {
        if (run.result().errors() > 0) {
            throw new IllegalStateException(run.result().errors() + " errors while warming up: " + run.side());
        }
    }

    private static String size(EmbeddedDatabase server) {
        return new Sql(server.jdbcUrl()).value("SELECT pg_size_pretty(pg_database_size('many_rows'))");
    }
}
