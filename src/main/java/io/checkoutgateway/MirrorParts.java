package io.checkoutgateway;

import io.checkoutgateway.apps.Apps;
import io.checkoutgateway.apps.ConnectedAccountStore;
import io.checkoutgateway.checkout.StripeCheckout;
import io.checkoutgateway.events.EventStore;
import io.checkoutgateway.mirror.CatchUp;
import io.checkoutgateway.mirror.CatchUpRequests;
import io.checkoutgateway.mirror.ConnectedCatchUp;
import io.checkoutgateway.mirror.EndpointCheck;
import io.checkoutgateway.mirror.Mirror;
import io.checkoutgateway.mirror.MirrorMetrics;
import io.checkoutgateway.mirror.MirrorSessions;
import io.checkoutgateway.mirror.MirrorWorker;
import io.checkoutgateway.mirror.OverdueSessions;
import io.checkoutgateway.mirror.RunStore;
import io.checkoutgateway.mirror.SessionPull;
import io.checkoutgateway.mirror.StripeHistory;
import io.checkoutgateway.settings.Settings;
import io.checkoutgateway.store.PgCatchUps;
import io.checkoutgateway.store.PgConnectedAccounts;
import io.checkoutgateway.store.PgMirrorRuns;
import io.checkoutgateway.store.PgMirrorSessions;
import io.checkoutgateway.store.PgOverdueSessions;
import io.checkoutgateway.store.PgSessions;
import io.checkoutgateway.store.Postgres;
import io.checkoutgateway.stripe.StripeCalls;
import io.checkoutgateway.stripe.StripeHistories;
import io.checkoutgateway.stripe.StripeSessions;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import java.time.Clock;

/** The parts that keep the mirror complete, put together once for the gateway and for the command line. */
final class MirrorParts {
    private final Settings settings;
    private final Postgres postgres;
    private final Apps apps;
    private final StripeHistory history;
    private final StripeSessions stripe;
    private final MirrorSessions sessions;
    private final RunStore runs;
    private final ConnectedAccountStore accounts;
    private final MirrorMetrics metrics;
    private final Mirror mirror;
    private final CatchUpRequests requests;
    private final MirrorWorker worker;

    MirrorParts(
            Settings settings, Postgres postgres, StripeCalls calls, Apps apps, Clock clock, MeterRegistry registry) {
        StripeCalls background = calls.background();
        this.settings = settings;
        this.postgres = postgres;
        this.apps = apps;
        this.history = new StripeHistories(background, settings.stripe(), clock);
        this.stripe = new StripeSessions(background, settings.stripe(), clock);
        this.sessions = new PgMirrorSessions(postgres);
        this.runs = new PgMirrorRuns(postgres);
        this.accounts = new PgConnectedAccounts(postgres);
        this.metrics = new MirrorMetrics(registry, clock, settings.mirror().catchUpInterval());
        this.mirror = new Mirror(runs, apps, clock);
        this.requests = new CatchUpRequests(new PgCatchUps(postgres), apps, clock);
        this.worker =
                new MirrorWorker(runs, sessions, history, stripe, apps, accounts, settings.mirror(), metrics, clock);
    }

    Mirror mirror() {
        return mirror;
    }

    MirrorWorker worker() {
        return worker;
    }

    /** @param callers reads at the rate of callers */
    SessionPull pull(StripeCheckout callers) {
        return new SessionPull(mirror, sessions, callers);
    }

    /** A round of the worker; tells whether it did anything. */
    Future<Boolean> work() {
        return worker.runOnce();
    }

    /** Shows where the runs are. */
    Future<Void> count() {
        return metrics.refresh(runs);
    }

    /**
     * Catching up with the apps' own accounts.
     *
     * @param endpoints is asked before the events are
     * @param bell whom to wake when events were stored
     */
    CatchUp catchUp(EventStore events, EndpointCheck endpoints, Runnable bell) {
        return new CatchUp(
                history,
                new PgCatchUps(postgres),
                events,
                endpoints,
                mirror,
                apps,
                settings.mirror().catchUpInterval(),
                metrics,
                bell);
    }

    /** @param bell whom to wake when events were stored */
    ConnectedCatchUp connectedCatchUp(EventStore events, Runnable bell) {
        return new ConnectedCatchUp(
                accounts,
                history,
                new PgCatchUps(postgres),
                events,
                apps,
                settings.mirror().catchUpInterval(),
                settings.stripe().backgroundPerSecond(),
                metrics,
                bell);
    }

    CatchUpRequests requests() {
        return requests;
    }

    OverdueSessions overdue() {
        return new OverdueSessions(new PgOverdueSessions(postgres), new PgSessions(postgres), stripe, apps, metrics);
    }
}
