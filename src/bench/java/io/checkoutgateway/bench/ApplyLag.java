package io.checkoutgateway.bench;

import io.checkoutgateway.sandbox.EmbeddedDatabase;
import io.checkoutgateway.sandbox.EmbeddedDatabaseOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/** How long after its arrival an event is seen in a session, while events come at a constant rate. */
final class ApplyLag implements Measurement {
    private static final int CONNECTIONS = 32;
    private static final int PER_SECOND = 500;
    /** Before the first round: a process that has seen few events spends its time compiling. */
    private static final Duration LONG_WARM_UP = Duration.ofSeconds(30);

    private static final double P99_MILLIS_MOST = 1_000;

    /** A machine that does not keep up shall be told so by the figures. */
    private static final Duration PAUSE = Duration.ofMillis(100);

    private static final Duration PATIENCE = Duration.ofMinutes(5);

    /** The last to write an event's row is the transaction that applied it: others see the session from its commit on. */
    private static final String LAG =
            """
            SELECT percentile_cont(%s) WITHIN GROUP (
                       ORDER BY extract(epoch FROM pg_xact_commit_timestamp(xmin) - received_at) * 1000)
            FROM checkout_gateway.stripe_events
            WHERE state = 'applied' AND received_at >= timestamptz 'epoch' + %d * interval '1 millisecond'
            """;

    private final List<Run> runs = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private final List<Double> p99s = new ArrayList<>();
    private final List<Double> p99sInBackup = new ArrayList<>();
    private final List<Double> backlogs = new ArrayList<>();

    @Override
    public String name() {
        return "lag";
    }

    @Override
    public String question() {
        return "Milliseconds from an event's arrival in Postgres (`received_at`) to the commit of the transaction that"
                + " applied it while "
                + PER_SECOND + " signed events a second arrive at a constant rate over " + CONNECTIONS
                + " connections: `setup_intent.succeeded` and `checkout.session.completed` of one new session after the"
                + " other; then the same while a backup holds its snapshot from before the warm-up on. The table shows"
                + " the acknowledgements.";
    }

    @Override
    public Outcome measure(Plan plan) {
        try (EmbeddedDatabase server = EmbeddedDatabase.start(
                        EmbeddedDatabaseOptions.durable().withParameter("track_commit_timestamp", "on"));
                Stage stage = Filling.few(server)) {
            Plan longWarmUp = new Plan(1, Duration.ZERO, LONG_WARM_UP, 0);
            Load.Result warm = load(longWarmUp, stage).run();
            if (warm.errors() > 0) {
                throw new IllegalStateException(warm.errors() + " errors while warming up");
            }
            requireApplied(new Inbox(stage.sql()));
            for (int round = 0; round < plan.rounds(); round++) {
                p99s.add(p99("gateway", plan, stage));
                try (Backup running = Backup.begin(server.jdbcUrl(stage.database()))) {
                    p99sInBackup.add(p99("gateway, in a backup", plan, stage));
                }
            }
        }
        return new Outcome(
                runs,
                List.of(
                        new Target("an event is applied, p99, ms", p99s, false, P99_MILLIS_MOST),
                        new Target("an event is applied in a backup, p99, ms", p99sInBackup, false, P99_MILLIS_MOST),
                        new Target("most events pending at any second", backlogs, false, PER_SECOND)),
                notes);
    }

    private static Load load(Plan plan, Stage stage) {
        List<String> requests =
                List.of(stage.webhook(Events.setupIntentSucceeded()), stage.webhook(Events.sessionCompleted()));
        return new Load(
                stage.port(), requests, CONNECTIONS, PER_SECOND, plan.warmUp(), plan.time(), Stage.SIGNING_SECRET);
    }

    /** Of the lag, in milliseconds. */
    private double p99(String side, Plan plan, Stage stage) {
        Inbox inbox = new Inbox(stage.sql());
        Load load = load(plan, stage);
        long countsFrom = System.currentTimeMillis() + plan.warmUp().toMillis();
        AtomicLong mostPending = new AtomicLong();
        ScheduledExecutorService watch = Executors.newSingleThreadScheduledExecutor();
        var ignored = watch.scheduleAtFixedRate(
                () -> mostPending.accumulateAndGet(inbox.pending(), Math::max), 1, 1, TimeUnit.SECONDS);
        try {
            runs.add(Measurement.run(side, load));
        } finally {
            watch.shutdownNow();
        }
        requireApplied(inbox);
        double p99 = lag(stage.sql(), 0.99, countsFrom);
        backlogs.add(mostPending.doubleValue());
        notes.add(String.format(
                Locale.ROOT,
                "%s: applied after %.0f ms at the 50th percentile, %.0f at the 99th, %.0f at the last; at most %d pending",
                side,
                lag(stage.sql(), 0.5, countsFrom),
                p99,
                lag(stage.sql(), 1, countsFrom),
                mostPending.get()));
        inbox.empty();
        return p99;
    }

    private static double lag(Sql sql, double share, long countsFrom) {
        return Double.parseDouble(sql.value(LAG.formatted(share, countsFrom)));
    }

    /** An event that is never applied has no lag, and would be missing from the figures. */
    private static void requireApplied(Inbox inbox) {
        long giveUpAt = System.nanoTime() + PATIENCE.toNanos();
        while (inbox.pending() > 0) {
            if (System.nanoTime() > giveUpAt) {
                throw new IllegalStateException(inbox.pending() + " events are not applied yet");
            }
            // Counting without a pause would keep the processor busy that the rest needs.
            LockSupport.parkNanos(PAUSE.toNanos());
        }
    }
}
