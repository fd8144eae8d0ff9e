package io.checkoutgateway;

import io.checkoutgateway.apps.Apps;
import io.checkoutgateway.apps.ConfiguredAccount;
import io.checkoutgateway.apps.StripeApp;
import io.checkoutgateway.audit.Actor;
import io.checkoutgateway.checkout.CheckoutSession;
import io.checkoutgateway.events.EventStore;
import io.checkoutgateway.idempotency.StoredAnswer;
import io.checkoutgateway.limits.Portions;
import io.checkoutgateway.mirror.CatchUp;
import io.checkoutgateway.mirror.CatchUpStore;
import io.checkoutgateway.mirror.ConnectedCatchUp;
import io.checkoutgateway.mirror.EndpointCheck;
import io.checkoutgateway.mirror.Finding;
import io.checkoutgateway.mirror.Mirror;
import io.checkoutgateway.mirror.MirrorRun;
import io.checkoutgateway.mirror.SessionPull;
import io.checkoutgateway.secrets.KeysetVault;
import io.checkoutgateway.secrets.SealingKeys;
import io.checkoutgateway.settings.Settings;
import io.checkoutgateway.store.PgBuckets;
import io.checkoutgateway.store.PgEvents;
import io.checkoutgateway.store.PgKeysets;
import io.checkoutgateway.store.Postgres;
import io.checkoutgateway.stripe.StripeAccounts;
import io.checkoutgateway.stripe.StripeCalls;
import io.checkoutgateway.stripe.StripeSessions;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.io.PrintStream;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Runs from a terminal: starts one or joins the one under way, and works at it beside any replicas. Killing it leaves a
 * run that they finish.
 */
final class MirrorConsole implements AutoCloseable {
    /** How often to look while others do the work. */
    private static final Duration LOOK = Duration.ofMillis(500);

    /** So often nothing could be asked for: Stripe does not answer, or others are at it. They go on without this. */
    private static final int IDLE_ROUNDS = 60;

    /** A page of what is printed. */
    private static final int PAGE = 100;

    private final Vertx vertx;
    private final Postgres postgres;
    private final StripeCalls calls;
    private final MirrorParts parts;
    private final KeysetVault vault;
    private final Apps apps;
    private final ConfiguredAccount account;
    private final PrintStream out;
    private final ProgressLine progress;
    private final String namespace;
    private final Settings settings;
    private final Duration look;

    private MirrorConsole(Settings settings, PrintStream out, boolean terminal, Duration look) {
        SimpleMeterRegistry metrics = new SimpleMeterRegistry();
        this.vertx = Vertx.vertx();
        this.postgres = Postgres.of(vertx, settings.database());
        this.calls = new StripeCalls(vertx, settings.stripe(), metrics);
        calls.shareBackground(new Portions(
                "stripe-background",
                settings.stripe().backgroundPerSecond(),
                new PgBuckets(postgres),
                Clock.systemUTC(),
                metrics));
        this.vault = new KeysetVault(new PgKeysets(postgres), SealingKeys.of(settings.secrets()));
        this.apps = AppParts.apps(settings, postgres, vault);
        calls.onlyUnless(apps::objection);
        this.account = new ConfiguredAccount(apps, new StripeAccounts(calls, settings.stripe()));
        this.namespace = settings.checkout().namespace();
        this.parts = new MirrorParts(settings, postgres, calls, apps, Clock.systemUTC(), metrics);
        this.settings = settings;
        this.look = look;
        this.out = out;
        this.progress = new ProgressLine(out, terminal);
    }

    /** Opens the way to Postgres and Stripe that the settings describe; the app of the settings stays as who serves left it. */
    static MirrorConsole open(Settings settings, PrintStream out, boolean terminal) {
        return open(settings, out, terminal, LOOK);
    }

    /** The same, looking as often while others do the work. */
    static MirrorConsole open(Settings settings, PrintStream out, boolean terminal, Duration look) {
        MirrorConsole console = new MirrorConsole(settings, out, terminal, look);
        try {
            console.vault.start().await();
            Optional<StripeApp> ignored = console.apps.join().await();
            console.account.learn().await();
            return console;
        } catch (RuntimeException e) {
            console.close();
            throw e;
        }
    }

    /** The namespace that owns the Stripe account of the settings. */
    String namespace() {
        return namespace;
    }

    /** Starts a run and works at it until it is over; joins the one of its kind that is under way. */
    MirrorRun work(String namespace, Mirror.Wish wish) {
        return work(startOrJoin(namespace, wish));
    }

    /** Goes on with the run of this id and works at it until it is over. */
    MirrorRun resume(String namespace, MirrorRun.Kind kind, String id) {
        return work(mirror().resume(Actor.command(namespace, kind.word() + " resume"), kind, id)
                .await());
    }

    private MirrorRun work(MirrorRun begun) {
        MirrorRun run = begun;
        progress.begin(run);
        while (run.running()) {
            if (!parts.worker().runOnce().await()) {
                vertx.timer(look.toMillis()).await();
                // Without an answer of Stripe's the run of its app would be left to others, who may not be there.
                account.learn().await();
            }
            run = mirror().get(run.namespace(), run.kind(), run.id()).await();
            progress.show(run);
        }
        progress.end(run);
        return run;
    }

    private MirrorRun startOrJoin(String namespace, Mirror.Wish wish) {
        Optional<MirrorRun> active = mirror().active(namespace, wish).await();
        if (active.isPresent()) {
            out.println("Another is under way; this one joins it and leaves its range as it is.");
            return active.get();
        }
        AtomicReference<@Nullable MirrorRun> started = new AtomicReference<>();
        Future<?> start = mirror().start(Actor.command(namespace, wish.kind().word()), wish, Optional.empty(), run -> {
            started.set(run);
            return new StoredAnswer(201, "", Buffer.buffer(), null);
        });
        start.await();
        return Objects.requireNonNull(started.get(), "a run that was started");
    }

    /**
     * Has all events since then asked for, and asks for them beside any replicas until none is left to ask for.
     *
     * @param appId {@code null} for the namespace's default app
     * @param account {@code null} for the app's own and all that are connected
     * @return whether all were asked for; else the replicas go on with it
     */
    boolean catchUp(String namespace, @Nullable String appId, @Nullable String account, Instant since) {
        StripeApp app = (appId == null ? apps.ofNamespace(namespace) : apps.in(namespace, appId)).await();
        CatchUpStore.Standing standing = parts.requests()
                .start(Actor.command(namespace, "catch-up"), app.id(), account, since)
                .await();
        CatchUp own = parts.catchUp(events(), EndpointCheck.NONE, () -> {});
        ConnectedCatchUp connected = parts.connectedCatchUp(events(), () -> {});
        int found = 0;
        int idle = 0;
        tellOfCatchUp(standing, found);
        while (standing.waiting() > 0 && idle < IDLE_ROUNDS) {
            CatchUp.Outcome outcome =
                    own.runOnce(app).await().and(connected.runOnce(app).await());
            found += outcome.found();
            long before = standing.waiting();
            standing = parts.requests().get(namespace, app.id()).await();
            if (outcome.found() > 0 || standing.waiting() != before) {
                tellOfCatchUp(standing, found);
            }
            boolean moved = outcome.found() > 0 || outcome.more() || standing.waiting() < before;
            idle = moved ? 0 : idle + 1;
            if (!outcome.more() && standing.waiting() > 0) {
                vertx.timer(look.toMillis()).await();
            }
        }
        if (standing.waiting() > 0) {
            out.println("Stripe was not asked for all of it; the replicas go on. GET /api/v1/apps/%s/catch-up tells"
                    .formatted(app.id()));
        }
        return standing.waiting() == 0;
    }

    private void tellOfCatchUp(CatchUpStore.Standing standing, int found) {
        out.println("%d accounts to be asked, %d events were new".formatted(standing.waiting(), found));
    }

    private EventStore events() {
        return new PgEvents(postgres);
    }

    /** Prints the runs of a kind, a line each, the oldest first. */
    void list(String namespace, MirrorRun.Kind kind, Function<MirrorRun, String> line) {
        long after = 0;
        List<MirrorRun> runs;
        do {
            runs = mirror().list(namespace, kind, after, PAGE).await();
            runs.forEach(run -> out.println(line.apply(run)));
            after = runs.isEmpty() ? after : runs.get(runs.size() - 1).number();
        } while (runs.size() == PAGE);
    }

    /** Calls off the run of this id. */
    void cancel(String namespace, MirrorRun.Kind kind, String id) {
        out.println(ProgressLine.text(mirror().cancel(Actor.command(namespace, kind.word() + " cancel"), kind, id)
                .await()));
    }

    /** Prints the report of this id, and what it found. */
    void show(String namespace, String id) {
        MirrorRun report =
                mirror().get(namespace, MirrorRun.Kind.DRIFT_REPORT, id).await();
        out.println(ProgressLine.text(report));
        findings(report);
    }

    /** Has mended what a completed report found, and works at it until that is over. */
    MirrorRun repair(String namespace, String id) {
        return work(mirror().repair(Actor.command(namespace, MirrorRun.Kind.DRIFT_REPORT.word() + " repair"), id)
                .await());
    }

    /** Prints what a report found, a line each. */
    void findings(MirrorRun report) {
        long after = 0;
        List<Finding> findings;
        do {
            findings = mirror().findings(report.namespace(), report.id(), after, PAGE)
                    .await();
            findings.forEach(finding -> out.println("%-17s  %-9s  %s  %s"
                    .formatted(
                            finding.kind().word(),
                            finding.state().word(),
                            finding.stripeSessionId(),
                            String.join(",", finding.fields()))));
            after = findings.isEmpty()
                    ? after
                    : findings.get(findings.size() - 1).number();
        } while (findings.size() == PAGE);
    }

    /** Reads one session from Stripe and keeps it; answers a line about it. */
    String pull(String namespace, SessionPull.Wish wish) {
        StripeSessions stripe = new StripeSessions(calls, settings.stripe(), Clock.systemUTC());
        CheckoutSession session = parts.pull(stripe)
                .pull(Actor.command(namespace, "sessions pull"), wish)
                .await();
        return "%s  %s  %s".formatted(session.id(), session.status().word(), wish.stripeSessionId());
    }

    private Mirror mirror() {
        return parts.mirror();
    }

    @Override
    public void close() {
        calls.close()
                .transform(closed -> postgres.close())
                .transform(closed -> vertx.close())
                .await();
    }
}
