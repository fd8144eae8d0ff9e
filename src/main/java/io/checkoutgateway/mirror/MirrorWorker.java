package io.checkoutgateway.mirror;

import io.checkoutgateway.apps.Apps;
import io.checkoutgateway.apps.ConnectedAccountStore;
import io.checkoutgateway.apps.StripeApp;
import io.checkoutgateway.checkout.StripeCheckout;
import io.checkoutgateway.failure.Failures;
import io.checkoutgateway.failure.GatewayException;
import io.checkoutgateway.failure.Reason;
import io.checkoutgateway.failure.StripeFailure;
import io.checkoutgateway.mirror.RunStore.Written;
import io.checkoutgateway.settings.MirrorSettings;
import io.vertx.core.Future;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** Works at runs, page by page, any number of replicas side by side. It may die after any step. */
public final class MirrorWorker {
    private static final Logger LOG = LoggerFactory.getLogger(MirrorWorker.class);

    /** Pages done side by side: Stripe takes a second for one, and the rate allows a few. */
    private static final int LANES = 3;

    /** Longer than the most patient call to Stripe and its page take; who died holds a window for no longer. */
    private static final Duration LEASE = Duration.ofMinutes(5);

    /** Of a page that fails for a reason of its own: a mistake does not pass, however often it is repeated. */
    private static final int TRIES = 10;

    /**
     * What passes by itself, however long it takes: callers who need the whole rate, an outage of Stripe or Postgres.
     * A run waits for its end and says so; whoever does not want to wait calls it off.
     */
    private static final Set<Reason> PASSING = EnumSet.of(
            Reason.STRIPE_RATE_LIMITED,
            Reason.STRIPE_BUSY,
            Reason.STRIPE_UNREACHABLE,
            Reason.STRIPE_TIMEOUT,
            Reason.STRIPE_FAILED,
            Reason.DATABASE_UNAVAILABLE,
            Reason.SHUTTING_DOWN);

    /** Shown until a process that has the key goes on. */
    private static final String WITHOUT_KEY = "A process that was to go on has no key of the app; others may have it";

    private static final Duration PAUSE_MOST = Duration.ofMinutes(5);

    /** More would exceed the longest pause anyway. */
    private static final int PAUSE_DOUBLINGS = 9;

    private final RunStore runs;
    private final Apps apps;
    private final ConnectedAccountStore accounts;
    private final MirrorSettings settings;
    private final MirrorMetrics metrics;
    private final Clock clock;
    private final Plan plan;
    private final OthersApps othersApps;
    private final Step backfill;
    private final Step comparison;
    private final Step secondLook;

    public MirrorWorker(
            RunStore runs,
            MirrorSessions sessions,
            StripeHistory history,
            StripeCheckout stripe,
            Apps apps,
            ConnectedAccountStore accounts,
            MirrorSettings settings,
            MirrorMetrics metrics,
            Clock clock) {
        this.runs = runs;
        this.apps = apps;
        this.accounts = accounts;
        this.settings = settings;
        this.metrics = metrics;
        this.clock = clock;
        this.plan = new Plan(history);
        this.othersApps = new OthersApps(clock);
        this.backfill = new Backfill(history, sessions);
        this.comparison = new Comparison(history, sessions);
        this.secondLook = new SecondLook(runs, sessions, stripe, settings.driftGrace(), clock);
    }

    /** Does a few pages side by side; tells whether there was anything to do. */
    public Future<Boolean> runOnce() {
        List<Future<Boolean>> lanes =
                IntStream.range(0, LANES).mapToObj(lane -> step()).toList();
        return Future.join(lanes).map(done -> lanes.stream().anyMatch(Future::result));
    }

    /** Does one page; tells whether there was one to do. */
    public Future<Boolean> step() {
        return runs.claim(LEASE, settings.driftGrace(), othersApps.now())
                .compose(claimed ->
                        claimed.map(window -> work(window).map(true)).orElseGet(() -> Future.succeededFuture(false)));
    }

    private Future<Void> work(Window window) {
        return apps.workable(window.appId())
                .map(app -> app.connected(window.account()))
                .compose(app -> work(app, window), failure -> withoutApp(window, failure))
                .recover(failure -> postpone(window, failure));
    }

    private Future<Void> work(StripeApp app, Window window) {
        return window.part() == Window.Part.PLAN ? split(app, window) : page(app, window);
    }

    /** Another process may have the key: the window is its to take, at once. */
    private Future<Void> withoutApp(Window window, Throwable failure) {
        boolean unknown = GatewayException.is(failure, Reason.NOT_FOUND);
        return unknown
                ? apps.isInstalled(window.appId())
                        .compose(installed -> installed ? leaveToOthers(window) : Future.<Void>failedFuture(failure))
                : Future.failedFuture(failure);
    }

    private Future<Void> leaveToOthers(Window window) {
        othersApps.add(window.appId());
        LOG.atWarn()
                .addKeyValue("run", window.runId())
                .addKeyValue("app", window.appId())
                .log("a mirror run is left to other processes: this one has no key of its app");
        return runs.postponed(window, WITHOUT_KEY, Duration.ZERO, false);
    }

    private Future<Void> split(StripeApp app, Window window) {
        Instant asOf = clock.instant();
        return plan.ranges(app, window)
                .compose(ranges -> noteAccount(app, asOf).map(ranges))
                .compose(ranges -> runs.plan(window, ranges).onSuccess(written -> {
                    LOG.atInfo()
                            .addKeyValue("run", window.runId())
                            .addKeyValue("kind", window.kind().word())
                            .addKeyValue("windows", ranges.size())
                            .log("mirror run planned");
                    noteEnd(window, written);
                }))
                .mapEmpty();
    }

    /** Stripe answered for it, so it is connected, and from now on it is caught up too. */
    private Future<Void> noteAccount(StripeApp app, Instant asOf) {
        String account = app.connectedAccount();
        return account == null ? Future.succeededFuture() : accounts.answered(app.id(), account, asOf);
    }

    private Future<Void> page(StripeApp app, Window window) {
        return stepOf(window)
                .page(app, window)
                .compose(page -> runs.done(window, page).onSuccess(written -> {
                    if (written != Written.TOO_LATE) {
                        note(window, page);
                        noteEnd(window, written);
                    }
                }))
                .mapEmpty();
    }

    private void noteEnd(Window window, Written written) {
        if (written == Written.COMPLETED) {
            metrics.finished(window.kind(), MirrorRun.State.COMPLETED);
            LOG.atInfo()
                    .addKeyValue("run", window.runId())
                    .addKeyValue("kind", window.kind().word())
                    .log("mirror run completed");
        }
    }

    private Step stepOf(Window window) {
        if (window.part() == Window.Part.FINDINGS) {
            return secondLook;
        }
        return window.kind() == MirrorRun.Kind.BACKFILL ? backfill : comparison;
    }

    private void note(Window window, Window.Page page) {
        metrics.page(window, page);
        LOG.atLevel(page.next() == null ? Level.INFO : Level.DEBUG)
                .addKeyValue("run", window.runId())
                .addKeyValue("kind", window.kind().word())
                .addKeyValue("window", window.number())
                .addKeyValue("done", page.next() == null)
                .addKeyValue("seen", page.seen())
                .addKeyValue("added", page.tally().added())
                .addKeyValue("changed", page.tally().changed())
                .log("mirror page done");
    }

    private Future<Void> postpone(Window window, Throwable failure) {
        boolean passes = passes(failure);
        boolean again = passes || mayPass(window, failure);
        String reason = reasonOf(window, failure);
        Failures.note(
                        LOG.atWarn()
                                .addKeyValue("run", window.runId())
                                .addKeyValue("window", window.number())
                                .addKeyValue("attempt", window.attempt())
                                .addKeyValue("again", again),
                        failure)
                .log("mirror page failed");
        if (!again) {
            metrics.finished(window.kind(), MirrorRun.State.FAILED);
            return runs.failed(window, reason);
        }
        return runs.postponed(window, reason, pause(window, failure), !passes);
    }

    private static String reasonOf(Window window, Throwable failure) {
        if (StripeFailure.saysNoAccess(failure)) {
            return "The app's key has no access to %s"
                    .formatted(window.account() == null ? "its own account" : "the account " + window.account());
        }
        return Failures.sentence(failure);
    }

    /** Whether it passes by itself, however long that takes. */
    static boolean passes(Throwable failure) {
        return GatewayException.is(failure, PASSING);
    }

    /** Whether it is worth another try: neither a wrong key nor an account without access comes right by itself. */
    private static boolean mayPass(Window window, Throwable failure) {
        boolean wrongKey = GatewayException.is(failure, Reason.CONFLICT);
        return !wrongKey && !StripeFailure.saysNoAccess(failure) && window.failures() + 1 < TRIES;
    }

    /** Another replica goes on at once where this process stops. */
    private static Duration pause(Window window, Throwable failure) {
        return GatewayException.is(failure, Reason.SHUTTING_DOWN) ? Duration.ZERO : pauseAfter(window.attempt());
    }

    /** Doubles from two seconds. */
    static Duration pauseAfter(int attempt) {
        Duration pause = Duration.ofSeconds(1L << Math.min(attempt, PAUSE_DOUBLINGS));
        return pause.compareTo(PAUSE_MOST) > 0 ? PAUSE_MOST : pause;
    }
}
