package io.checkoutgateway.mirror;

import io.checkoutgateway.apps.StripeApp;
import io.checkoutgateway.events.Delivery;
import io.checkoutgateway.events.EventReader;
import io.checkoutgateway.events.EventStore;
import io.checkoutgateway.events.StripeEvent;
import io.checkoutgateway.failure.Failures;
import io.checkoutgateway.failure.GatewayException;
import io.checkoutgateway.failure.Reason;
import io.checkoutgateway.failure.UnstorableException;
import io.checkoutgateway.mirror.CatchUp.Outcome;
import io.checkoutgateway.mirror.CatchUpStore.Sweep;
import io.checkoutgateway.mirror.StripeHistory.Listed;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks for the missed events of one account, as far as a round goes, and puts them into the inbox. */
final class EventSweep {
    private static final Logger LOG = LoggerFactory.getLogger(EventSweep.class);

    /** Stripe forgets events after 30 days; a little less, so that a place in the list outlives the sweep. */
    private static final Duration HORIZON = Duration.ofDays(30).minusHours(1);

    /** How late an event may appear in Stripe's list, and how far its clock may be from ours, on the safe side. */
    private static final Duration OVERLAP = Duration.ofHours(1);

    /** A round's; the next one goes on at once. */
    private static final int PAGES = 5;

    /** Longer than the most patient calls for so many pages; who died holds the sweep for no longer. */
    static final Duration LEASE = Duration.ofMinutes(12);

    private final StripeHistory history;
    private final CatchUpStore store;
    private final EventStore events;
    private final MirrorMetrics metrics;
    private final Runnable bell;

    /** @param bell whom to wake when events were stored */
    EventSweep(StripeHistory history, CatchUpStore store, EventStore events, MirrorMetrics metrics, Runnable bell) {
        this.history = history;
        this.store = store;
        this.events = events;
        this.metrics = metrics;
        this.bell = bell;
    }

    /**
     * Asks, unless another process does.
     *
     * @param app in the name of the account that is asked for
     * @param idle how long ago the last sweep must have ended
     * @return fails as Stripe does, after that was written down
     */
    Future<Outcome> run(StripeApp app, Duration idle) {
        return store.claim(app.id(), app.connectedAccount(), LEASE, idle, OVERLAP, HORIZON)
                .compose(claimed -> claimed.map(sweep -> sweep(app, sweep))
                        .orElseGet(() -> Future.succeededFuture(Outcome.NOTHING)));
    }

    private Future<Outcome> sweep(StripeApp app, Sweep sweep) {
        return pages(app, sweep, 0, PAGES)
                .onSuccess(outcome -> note(sweep, outcome))
                .recover(failure -> failed(sweep, failure));
    }

    private Future<Outcome> pages(StripeApp app, Sweep sweep, int found, int pagesLeft) {
        return history.events(app, !sweep.full(), EventReader.TYPES, sweep.from(), sweep.after())
                .compose(page -> takeIn(app, page).compose(added -> {
                    int sum = found + added;
                    if (!page.more() || page.objects().isEmpty()) {
                        return store.done(sweep, sum, HORIZON).map(again -> new Outcome(true, sum, again));
                    }
                    String last = lastOf(page);
                    return pagesLeft <= 1
                            ? store.paused(sweep, last, sum).map(new Outcome(true, sum, true))
                            : pages(app, sweep.at(last), sum, pagesLeft - 1);
                }));
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
        return Future.succeededFuture(event.toBuffer())
                .map(StripeEvent::of)
                .compose(read -> events.add(app.id(), read.listedFor(app.connectedAccount()), Delivery.caughtUp()))
                .recover(failure -> {
                    if (!UnstorableException.explains(failure)) {
                        return Future.failedFuture(failure);
                    }
                    metrics.unstored();
                    Failures.note(LOG.atWarn().addKeyValue("event", String.valueOf(event.getValue("id"))), failure)
                            .log("a missed event could not be stored");
                    return Future.succeededFuture(false);
                });
    }

    private static void note(Sweep sweep, Outcome outcome) {
        if (outcome.found() > 0) {
            LOG.atInfo()
                    .addKeyValue("app", sweep.appId())
                    .addKeyValue("account", sweep.accountOrOwn())
                    .addKeyValue("found", outcome.found())
                    .addKeyValue("full", sweep.full())
                    .addKeyValue("more", outcome.more())
                    .log("events that were missed were fetched");
        }
    }

    private Future<Outcome> failed(Sweep sweep, Throwable failure) {
        boolean refused = GatewayException.is(failure, Reason.STRIPE_REFUSED);
        Failures.note(
                        LOG.atWarn().addKeyValue("app", sweep.appId()).addKeyValue("account", sweep.accountOrOwn()),
                        failure)
                .log("catching up failed");
        return store.failed(sweep, Failures.sentence(failure), refused)
                .transform(noted -> Future.failedFuture(failure));
    }
}
