package io.checkoutgateway;

import io.checkoutgateway.cache.Recent;
import io.checkoutgateway.checkout.UnfinishedSessions;
import io.checkoutgateway.events.EventStore;
import io.checkoutgateway.events.EventWorker;
import io.checkoutgateway.events.Inbox;
import io.checkoutgateway.settings.Settings;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;

/** The work that keeps sessions true: applying events, finishing creates that died, forgetting what is old. */
final class SessionLoops {
    /** What is forgotten was kept for days: ten minutes more do not matter, and every replica looks. */
    private static final Duration RETENTION_INTERVAL = Duration.ofMinutes(10);

    /** Who looks for them has waited for longer; and one statement writes them all. */
    private static final Duration REFUSALS_INTERVAL = Duration.ofSeconds(5);

    private final UnfinishedSessions unfinished;
    private final EventWorker eventWorker;
    private final Inbox inbox;
    private final Retention retention;
    private final MeterRegistry metrics;
    private final EventLanes events;
    private final Loop reconcile;
    private final Loop forget;
    private final Loop backlog;
    private final Loop refusals;

    SessionLoops(
            Vertx vertx,
            Settings settings,
            UnfinishedSessions unfinished,
            EventStore events,
            EventWorker eventWorker,
            Inbox inbox,
            Retention retention,
            MeterRegistry metrics) {
        this.unfinished = unfinished;
        this.eventWorker = eventWorker;
        this.inbox = inbox;
        this.retention = retention;
        this.metrics = metrics;
        this.events = new EventLanes(vertx, metrics, settings.events().workInterval(), eventWorker);
        this.reconcile =
                new Loop(vertx, metrics, "reconcile", settings.checkout().reconcileInterval(), () -> reconcileNow()
                        .map(counts -> counts.finished() > 0));
        this.forget = new Loop(vertx, metrics, "retention", RETENTION_INTERVAL, this::forgetNow);
        BacklogMetrics depth = new BacklogMetrics(events, metrics, System::nanoTime);
        this.backlog = new Loop(vertx, metrics, "backlog", Recent.INTERVAL, depth::runOnce);
        this.refusals = new Loop(vertx, metrics, "refusals", REFUSALS_INTERVAL, () -> inbox.noteRefusals()
                .map(false));
    }

    /** @param learnt whom to wake when events were applied: they may call for more to be done */
    void start(Runnable learnt) {
        events.start(learnt);
        reconcile.start();
        forget.start();
        backlog.start().wake();
        refusals.start();
    }

    /** Applies stored events, once. */
    Future<EventWorker.Counts> applyNow() {
        return eventWorker.runOnce();
    }

    /** Finishes creates that died, once. */
    Future<UnfinishedSessions.Counts> reconcileNow() {
        return unfinished.runOnce().onSuccess(counts -> {
            metrics.counter("gateway.reconciled", "outcome", "finished").increment(counts.finished());
            metrics.counter("gateway.reconciled", "outcome", "unsettled").increment(counts.unsettled());
        });
    }

    /** Forgets some of what is kept no longer; tells whether there is more. */
    Future<Boolean> forgetNow() {
        return retention.runOnce();
    }

    /** Ends the pauses of the rounds that count. */
    void countSoon() {
        backlog.wake();
        refusals.wake();
    }

    /** Succeeds when no round is under way; what was refused until now is written down first. */
    Future<?> stop() {
        return Future.join(List.of(
                events.stop(),
                reconcile.stop(),
                forget.stop(),
                backlog.stop(),
                refusals.stop().compose(stopped -> inbox.noteRefusals())));
    }
}
