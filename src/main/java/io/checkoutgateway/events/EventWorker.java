package io.checkoutgateway.events;

import io.checkoutgateway.settings.EventSettings;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Applies stored events, any number of replicas side by side. */
public final class EventWorker {
    private static final Logger LOG = LoggerFactory.getLogger(EventWorker.class);

    /** How many events are applied side by side: they wait for Postgres, and leave connections to requests. */
    private static final int LANES = 4;

    private final EventStore events;
    private final EventSettings settings;
    private final MeterRegistry metrics;
    private volatile Runnable bell = () -> {};

    public EventWorker(EventStore events, EventSettings settings, MeterRegistry metrics) {
        this.events = events;
        this.settings = settings;
        this.metrics = metrics;
    }

    /** Whom to wake when an event arrives. */
    public void onAnnouncement(Runnable wake) {
        this.bell = wake;
    }

    /** An event was stored: there is something to do before the next regular look. */
    void announce() {
        bell.run();
    }

    /** Applies what is pending, at most one batch; tells what came of it. */
    public Future<EventStore.Counts> runOnce() {
        int share = Math.max(1, settings.batch() / LANES);
        return Future.all(IntStream.range(0, LANES)
                        .mapToObj(lane -> settle(share, EventStore.Counts.NONE))
                        .toList())
                .map(lanes -> lanes.<EventStore.Counts>list().stream()
                        .reduce(EventStore.Counts.NONE, EventStore.Counts::plus))
                .onSuccess(this::count);
    }

    private Future<EventStore.Counts> settle(int left, EventStore.Counts sum) {
        if (left == 0) {
            return Future.succeededFuture(sum);
        }
        return events.settleNext(EventWorker::meaningOf, settings.attempts())
                .compose(counts ->
                        counts.total() == 0 ? Future.succeededFuture(sum) : settle(left - 1, sum.plus(counts)));
    }

    private static Meaning meaningOf(StripeEvent event) {
        LOG.atDebug()
                .addKeyValue("event", event.id())
                .addKeyValue("type", event.type())
                .log("event is applied");
        return Meaning.of(event);
    }

    private void count(EventStore.Counts counts) {
        increment("applied", counts.applied());
        increment("ignored", counts.ignored());
        increment("retried", counts.retried());
        increment("quarantined", counts.quarantined());
    }

    private void increment(String outcome, int by) {
        metrics.counter("gateway.events.settled", "outcome", outcome).increment(by);
    }
}
