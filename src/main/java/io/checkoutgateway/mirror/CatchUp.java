package io.checkoutgateway.mirror;

import io.checkoutgateway.apps.Apps;
import io.checkoutgateway.apps.StripeApp;
import io.checkoutgateway.events.EventStore;
import io.checkoutgateway.failure.StripeFailure;
import io.vertx.core.Future;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fetches the events that were missed and puts them into the inbox, where those that came after all are
 * known by their ids: those of the apps' own accounts. Those are the events that Stripe could not deliver, and all events
 * of the time in which it delivered none at all. (Stripe, "Process undelivered webhook events".)
 */
public final class CatchUp {
    private static final Logger LOG = LoggerFactory.getLogger(CatchUp.class);

    private final CatchUpStore store;
    private final EventSweep sweep;
    private final EndpointCheck endpoints;
    private final Gaps gaps;
    private final Apps apps;
    private final Duration interval;
    private final MirrorMetrics metrics;

    /**
     * What a look did.
     *
     * @param looked whether this process looked; else another does, or it was too early
     * @param found events that were new
     * @param more whether there is more to fetch at once
     */
    public record Outcome(boolean looked, int found, boolean more) {
        static final Outcome NOTHING = new Outcome(false, 0, false);

        /** Both together. */
        public Outcome and(Outcome other) {
            return new Outcome(looked || other.looked, found + other.found, more || other.more);
        }
    }

    /**
     * Puts it together.
     *
     * @param endpoints is asked before the events are
     * @param mirror reads the sessions of the time whose events Stripe has forgotten
     * @param bell whom to wake when events were stored
     */
    public CatchUp(
            StripeHistory history,
            CatchUpStore store,
            EventStore events,
            EndpointCheck endpoints,
            Mirror mirror,
            Apps apps,
            Duration interval,
            MirrorMetrics metrics,
            Runnable bell) {
        this.store = store;
        this.sweep = new EventSweep(history, store, events, metrics, bell);
        this.endpoints = endpoints;
        this.gaps = new Gaps(store, mirror, metrics);
        this.apps = apps;
        this.interval = interval;
        this.metrics = metrics;
    }

    /** Looks now, unless another process does. */
    public Future<Outcome> runOnce() {
        return run(Duration.ZERO);
    }

    /** The same for one app's account. */
    public Future<Outcome> runOnce(StripeApp app) {
        return run(app, Duration.ZERO);
    }

    /** Looks, unless another process does or did within most of the interval. */
    public Future<Outcome> runIfDue() {
        return run(mostOf(interval));
    }

    /** A round that begins a little early finds what is due with it. */
    static Duration mostOf(Duration interval) {
        return interval.multipliedBy(9).dividedBy(10);
    }

    private Future<Outcome> run(Duration idle) {
        return apps.all()
                .onSuccess(found -> metrics.caughtUpAreOnly(
                        found.stream().map(StripeApp::id).toList()))
                .compose(found -> Rounds.of(found, app -> run(app, idle)))
                .map(outcomes -> outcomes.stream().reduce(Outcome.NOTHING, Outcome::and))
                .compose(outcome -> gaps.tend().map(outcome));
    }

    private Future<Outcome> run(StripeApp app, Duration idle) {
        return look(app, idle)
                .compose(checked -> sweep.run(app, idle))
                .recover(failure -> failure instanceof StripeFailure
                        ? Future.succeededFuture(Outcome.NOTHING)
                        : Future.failedFuture(failure))
                .compose(outcome -> store.through(app.id(), null).map(through -> {
                    metrics.caughtUp(app.id(), through.orElse(null));
                    metrics.fetched(outcome.found());
                    return outcome;
                }));
    }

    /** Whatever comes of it, the events are asked for. */
    private Future<Void> look(StripeApp app, Duration idle) {
        return endpoints.check(app, idle).recover(failure -> {
            LOG.atWarn()
                    .addKeyValue("app", app.id())
                    .setCause(failure)
                    .log("how the app's endpoints stand could not be told");
            return Future.succeededFuture();
        });
    }
}
