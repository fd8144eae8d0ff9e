package io.checkoutgateway.bench;

import io.checkoutgateway.sandbox.EmbeddedDatabase;
import io.checkoutgateway.sandbox.EmbeddedDatabaseOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * How many signed events a second are durable when they are acknowledged: the gateway as in production, applying what
 * it took in meanwhile, against stripe-sync-engine and against what Postgres can do at all. One Postgres for all.
 */
final class Ingestion implements Measurement {
    private static final int CONNECTIONS = 32;
    /** Of either server, before the first round: a process that has seen few requests spends its time compiling. */
    private static final Duration LONG_WARM_UP = Duration.ofSeconds(60);

    private static final double TIMES_ENGINE_LEAST = 8;
    private static final double SHARE_OF_PGBENCH_LEAST = 0.5;

    private final List<Run> runs = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private final List<Double> timesEngine = new ArrayList<>();
    private final List<Double> p99Share = new ArrayList<>();
    private final List<Double> shareOfPgBench = new ArrayList<>();

    @Override
    public String name() {
        return "ingest";
    }

    @Override
    public String question() {
        return "Signed `checkout.session.completed` events of 3 KB a second, each with ids of its own, answered 2xx when"
                + " they are durable; " + CONNECTIONS + " connections. The gateway has its presets and applies events"
                + " meanwhile; like the engine it logs no line for a request, and what that line costs is a side of its"
                + " own. stripe-sync-engine stands behind a `node:http` server, its one call to Stripe answered at once"
                + " by a stub on this machine. pgbench stores the same row, one in each transaction, with "
                + CONNECTIONS + " clients and prepared statements. " + Stage.POOL_SIZE
                + " connections to the same Postgres for either server.";
    }

    @Override
    public List<String> needs() {
        return Stream.concat(SyncEngine.NEEDS.stream(), PgBench.NEEDS.stream()).toList();
    }

    @Override
    public Outcome measure(Plan plan) {
        try (EmbeddedDatabase server = EmbeddedDatabase.start(EmbeddedDatabaseOptions.durable());
                Stage stage = Filling.few(server);
                SyncEngine engine = SyncEngine.start(server)) {
            notes.add(versions(stage.sql()));
            String body = warmUp(stage, engine);
            PgBench pgBench = new PgBench(server, stage.database(), stage.appId(), body);
            for (int round = 0; round < plan.rounds(); round++) {
                measureRound(plan, stage, engine, pgBench);
            }
        }
        return new Outcome(
                runs,
                List.of(
                        new Target("ingestion, times stripe-sync-engine's rate", timesEngine, true, TIMES_ENGINE_LEAST),
                        new Target("ingestion, p99 as a share of stripe-sync-engine's", p99Share, false, 1),
                        new Target("ingestion, share of pgbench's rate", shareOfPgBench, true, SHARE_OF_PGBENCH_LEAST)),
                notes);
    }

    /** Answers the body of an event as the gateway stores it, in hexadecimal digits. */
    private static String warmUp(Stage stage, SyncEngine engine) {
        Plan plan = new Plan(1, Duration.ZERO, LONG_WARM_UP, 0);
        long errors = load(engine.port(), Load.webhook("/webhooks", event()), plan)
                        .run()
                        .errors()
                + load(stage.port(), stage.webhook(event()), plan).run().errors();
        if (errors > 0) {
            throw new IllegalStateException(errors + " errors while warming up");
        }
        engine.empty();
        Inbox inbox = new Inbox(stage.sql());
        String body = inbox.body();
        inbox.empty();
        return body;
    }

    private void measureRound(Plan plan, Stage stage, SyncEngine engine, PgBench pgBench) {
        Inbox inbox = new Inbox(stage.sql());
        inbox.checkpoint();
        double rows = pgBench.perSecond(CONNECTIONS, plan.warmUp().plus(plan.time()));
        pgBench.empty();
        inbox.checkpoint();
        Run baseline = Measurement.run(
                "stripe-sync-engine", load(engine.port(), Load.webhook("/webhooks", event()), plan), engine::cpuNanos);
        requireKept(engine.sessions(), baseline);
        engine.empty();
        inbox.checkpoint();
        Run gateway = AccessLines.without(() -> gateway("gateway", plan, stage, inbox));
        inbox.checkpoint();
        Run logging = gateway("gateway, a log line each", plan, stage, inbox);
        runs.addAll(List.of(Measurement.rate("pgbench", rows, plan.time()), baseline, gateway, logging));
        timesEngine.add(gateway.result().perSecond() / baseline.result().perSecond());
        p99Share.add(gateway.result().p99Millis() / baseline.result().p99Millis());
        shareOfPgBench.add(gateway.result().perSecond() / rows);
    }

    private Run gateway(String side, Plan plan, Stage stage, Inbox inbox) {
        Run run = Measurement.run(side, load(stage.port(), stage.webhook(event()), plan));
        requireKept(inbox.events(), run);
        notes.add(applied(run, inbox, plan));
        inbox.empty();
        return run;
    }

    private static String event() {
        return Events.sessionCompleted();
    }

    private static Load load(int port, String request, Plan plan) {
        return new Load(port, List.of(request), CONNECTIONS, 0, plan.warmUp(), plan.time(), Stage.SIGNING_SECRET);
    }

    /** An acknowledgement of something that is not there would be worth nothing. */
    private static void requireKept(long kept, Run run) {
        if (kept < run.result().answers()) {
            throw new IllegalStateException("%s acknowledged %d events and kept %d"
                    .formatted(run.side(), run.result().answers(), kept));
        }
    }

    private static String applied(Run run, Inbox inbox, Plan plan) {
        Duration time = plan.warmUp().plus(plan.time());
        return String.format(
                Locale.ROOT,
                "gateway: %.0f acknowledged a second, %.0f of them applied a second meanwhile, %d left to apply",
                run.result().perSecond(),
                inbox.settled() * 1e3 / time.toMillis(),
                inbox.pending());
    }

    private static String versions(Sql sql) {
        return "%s, PostgreSQL %s with fsync=%s and synchronous_commit=%s, Node.js %s, stripe-sync-engine 0.48.5"
                .formatted(
                        Programs.output(new ProcessBuilder("pgbench", "--version"))
                                .strip(),
                        sql.value("SHOW server_version"),
                        sql.value("SHOW fsync"),
                        sql.value("SHOW synchronous_commit"),
                        Programs.output(new ProcessBuilder("node", "--version")).strip());
    }
}
