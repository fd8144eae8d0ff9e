package io.checkoutgateway.mirror;

import io.checkoutgateway.apps.Apps;
import io.checkoutgateway.apps.StripeApp;
import io.checkoutgateway.events.Delivery;
import io.checkoutgateway.events.EventReader;
import io.checkoutgateway.events.EventStore;
import io.checkoutgateway.events.StripeEvent;
import io.checkoutgateway.failure.GatewayException;
import io.checkoutgateway.failure.Reason;
import io.checkoutgateway.mirror.CatchUpStore.Sweep;
import io.checkoutgateway.mirror.StripeHistory.Listed;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fetches the events that Stripe could not deliver and puts them into the inbox, where those that came after all are
 * known by their ids. (Stripe, "Process undelivered webhook events".)
 */
public final class CatchUp {
    private static final Logger LOG = LoggerFactory.getLogger(CatchUp.class);

    /** Stripe forgets events after 30 days; a little less, so that a place in the list outlives the sweep. */
    private static final Duration HORIZON = Duration.ofDays(30).minusHours(1);

    /** How late an event may appear in Stripe's list, and how far its clock may be from ours, on the safe side. */
    private static final Duration OVERLAP = Duration.ofHours(1);

    /** A round's; the next one goes on at once. */
    private static final int PAGES = 5;

    /** Longer than the most patient calls for so many pages; who died holds the sweep for no longer. */
    private static final Duration LEASE = Duration.ofMinutes(12);

    private final StripeHistory history;
    private final CatchUpStore store;
    private final EventStore events;
    private final Apps apps;
    private final Duration interval;
    private final MirrorMetrics metrics;
    private final Runnable bell;

    /**
     * What a look did.
     *
     * @param looked whether this process looked; else another does, or it was too early
     * @param found events that were new
     * @param more whether there is more to fetch at once
     */
    public record Outcome(boolean looked, int found, boolean more) {
        static final Outcome NOTHING = new Outcome(false, 0, false);

        Outcome and(Outcome other) {
            return new Outcome(looked || other.looked, found + other.found, more || other.more);
        }
    }

    /** @param bell whom to wake when events were stored */
    public CatchUp(
            StripeHistory history,
            CatchUpStore store,
            EventStore events,
            Apps apps,
            Duration interval,
            MirrorMetrics metrics,
            Runnable bell) {
        this.history = history;
        this.store = store;
        this.events = events;
        this.apps = apps;
        this.interval = interval;
        this.metrics = metrics;
        this.bell = bell;
    }

    /** Looks now, unless another process does. */
    public Future<Outcome> runOnce() {
        return run(Duration.ZERO);
    }

    /** Looks, unless another process does or did within most of the interval. */
    public Future<Outcome> runIfDue() {
        return run(interval.multipliedBy(9).dividedBy(10));
    }

    private Future<Outcome> run(Duration idle) {
        return apps.all()
                .onSuccess(found -> metrics.caughtUpAreOnly(
                        found.stream().map(StripeApp::id).toList()))
                .compose(found -> Rounds.of(found, app -> run(app, idle)))
                .map(outcomes -> outcomes.stream().reduce(Outcome.NOTHING, Outcome::and));
    }

    private Future<Outcome> run(StripeApp app, Duration idle) {
        return store.claim(app.id(), LEASE, idle, OVERLAP, HORIZON)
                .compose(claimed -> claimed.map(sweep -> sweep(app, sweep))
                        .orElseGet(() -> Future.succeededFuture(Outcome.NOTHING)))
                .compose(outcome -> store.through(app.id()).map(through -> {
                    metrics.caughtUp(app.id(), through.orElse(null), outcome.found());
                    return outcome;
                }));
    }

    private Future<Outcome> sweep(StripeApp app, Sweep sweep) {
        return pages(app, sweep, 0, PAGES).onSuccess(this::note).recover(failure -> failed(sweep, failure)
                .map(Outcome.NOTHING));
    }

    private Future<Outcome> pages(StripeApp app, Sweep sweep, int found, int pagesLeft) {
        return history.undelivered(app, EventReader.TYPES, sweep.from(), sweep.after())
                .compose(page -> takeIn(app, page).compose(added -> {
                    int sum = found + added;
                    if (!page.more() || page.objects().isEmpty()) {
                        return store.done(sweep, sum).map(new Outcome(true, sum, false));
                    }
                    String last = lastOf(page);
                    return pagesLeft <= 1
                            ? store.paused(sweep, last, sum).map(new Outcome(true, sum, true))
                            : pages(app, at(sweep, last), sum, pagesLeft - 1);
                }));
    }

    private static Sweep at(Sweep sweep, String after) {
        return new Sweep(sweep.appId(), sweep.lease(), sweep.from(), sweep.to(), after);
    }

    private static String lastOf(Listed page) {
        return page.objects().get(page.objects().size() - 1).getString("id");
    }

    private Future<Integer> takeIn(StripeApp app, Listed page) {
        Future<Integer> sum = Future.succeededFuture(0);
        for (JsonObject event : page.objects()) {
            sum = sum.compose(found -> takeIn(app, event).map(added -> found + (added ? 1 : 0)));
        }
        return sum.onSuccess(found -> {
            if (found > 0) {
                bell.run();
            }
        });
    }

    /** One that cannot be stored must not keep the others from being fetched. */
    private Future<Boolean> takeIn(StripeApp app, JsonObject event) {
        return Future.succeededFuture()
                .compose(begun -> events.add(app.id(), StripeEvent.of(event.toBuffer()), Delivery.caughtUp()))
                .recover(failure -> {
                    if (Backfill.isPassing(failure)) {
                        return Future.failedFuture(failure);
                    }
                    LOG.atWarn()
                            .addKeyValue("event", String.valueOf(event.getValue("id")))
                            .addKeyValue("reason", String.valueOf(failure.getMessage()))
                            .log("a missed event could not be stored");
                    return Future.succeededFuture(false);
                });
    }

    private void note(Outcome outcome) {
        if (outcome.found() > 0) {
            LOG.atInfo()
                    .addKeyValue("found", outcome.found())
                    .addKeyValue("more", outcome.more())
                    .log("events that were not delivered were fetched");
        }
    }

    private Future<Void> failed(Sweep sweep, Throwable failure) {
        String reason = failure.getClass().getSimpleName() + ": " + failure.getMessage();
        boolean refused = failure instanceof GatewayException known && known.reason() == Reason.STRIPE_REFUSED;
        LOG.atWarn()
                .addKeyValue("app", sweep.appId())
                .addKeyValue("reason", reason)
                .log("catching up failed");
        return store.failed(sweep, reason, refused);
    }
}
