package io.checkoutgateway;

import io.checkoutgateway.cache.Recent;
import io.checkoutgateway.checkout.StripeCheckout;
import io.checkoutgateway.events.EventStore;
import io.checkoutgateway.events.EventWorker;
import io.checkoutgateway.mirror.CatchUp;
import io.checkoutgateway.mirror.CatchUpRequests;
import io.checkoutgateway.mirror.ConnectedCatchUp;
import io.checkoutgateway.mirror.EndpointCheck;
import io.checkoutgateway.mirror.Mirror;
import io.checkoutgateway.mirror.OverdueSessions;
import io.checkoutgateway.mirror.SessionPull;
import io.checkoutgateway.settings.MirrorSettings;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;

/** The mirror's work in the background: what was missed is fetched, runs go on. */
final class MirrorLoops {
    /** A run is announced where it is started; the other replicas join within this. */
    private static final Duration RUN_INTERVAL = Duration.ofSeconds(5);

    private final MirrorParts parts;
    private final CatchUp catchUp;
    private final ConnectedCatchUp connected;
    private final OverdueSessions overdue;
    private final Loop catchUpLoop;
    private final Loop runLoop;
    private final Loop countLoop;

    MirrorLoops(
            Vertx vertx,
            MirrorParts parts,
            MirrorSettings settings,
            EventStore events,
            EventWorker worker,
            EndpointCheck endpoints,
            MeterRegistry metrics) {
        this.parts = parts;
        this.catchUp = parts.catchUp(events, endpoints, worker::announce);
        this.connected = parts.connectedCatchUp(events, worker::announce);
        this.overdue = parts.overdue();
        this.catchUpLoop = new Loop(vertx, metrics, "catch-up", settings.catchUpInterval(), this::catchUp);
        worker.onAccountGone(catchUpLoop::wake);
        this.runLoop = new Loop(vertx, metrics, "mirror", RUN_INTERVAL, parts::work);
        // A round of the worker may wait for Stripe's rate for minutes.
        this.countLoop = new Loop(vertx, metrics, "mirror-backlog", Recent.INTERVAL, () -> parts.count()
                .map(false));
    }

    Mirror mirror() {
        return parts.mirror();
    }

    SessionPull pull(StripeCheckout callers) {
        return parts.pull(callers);
    }

    CatchUpRequests requests() {
        return parts.requests();
    }

    void start() {
        parts.mirror().onStart(runLoop::wake);
        parts.requests().onRequest(catchUpLoop::wake);
        runLoop.start();
        countLoop.start().wake();
        // At once: what was missed is what happened while nothing ran.
        catchUpLoop.start().wake();
    }

    private Future<Boolean> catchUp() {
        return catchUp.runIfDue()
                .compose(own -> connected.runOnce().map(own::and))
                .compose(outcome -> overdue.runOnce().map(more -> more || outcome.more()));
    }

    /** Fetches events that were not delivered, once, now; those of connected accounts whose turn it is. */
    Future<CatchUp.Outcome> catchUpNow() {
        return catchUp.runOnce().compose(own -> connected.runOnce().map(own::and));
    }

    /** Reads sessions that are overdue, once, now; tells whether there may be more. */
    Future<Boolean> readOverdueNow() {
        return overdue.runOnce();
    }

    /** Does a few pages of backfills and reports, now; tells whether there were any. */
    Future<Boolean> workNow() {
        return parts.work();
    }

    Future<?> stop() {
        return Future.join(catchUpLoop.stop(), runLoop.stop(), countLoop.stop());
    }
}
