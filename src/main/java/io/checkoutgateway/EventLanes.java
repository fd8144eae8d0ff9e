package io.checkoutgateway;

import io.checkoutgateway.events.EventWorker;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/**
 * Applies stored events, each lane for itself: an event that waits for somebody's lock keeps its own lane from going on,
 * and no other.
 */
final class EventLanes {
    private final Vertx vertx;
    private final EventWorker worker;
    private final List<Loop> lanes;
    private volatile Runnable learnt = () -> {};

    /** @param pause how long a lane that found nothing waits before it looks again, unless an event arrives */
    EventLanes(Vertx vertx, MeterRegistry metrics, Duration pause, EventWorker worker) {
        this.vertx = vertx;
        this.worker = worker;
        this.lanes = IntStream.range(0, EventWorker.LANES)
                .mapToObj(lane -> new Loop(vertx, metrics, "events-" + lane, pause, () -> apply(lane)))
                .toList();
    }

    /** @param learnt whom to wake when events were applied: they may call for more to be done */
    void start(Runnable learnt) {
        this.learnt = learnt;
        worker.onAnnouncement(() -> lanes.forEach(Loop::wake));
        lanes.forEach(Loop::start);
    }

    private Future<Boolean> apply(int lane) {
        long begunNanos = System.nanoTime();
        return worker.runOnce(lane)
                .map(EventWorker.Counts::total)
                .onSuccess(count -> {
                    if (count > 0) {
                        learnt.run();
                    }
                })
                .compose(count -> paused(Duration.ofNanos(System.nanoTime() - begunNanos), count > 0));
    }

    private Future<Boolean> paused(Duration round, boolean more) {
        Duration pause = worker.pauseAfter(round);
        return pause.isZero()
                ? Future.succeededFuture(more)
                : vertx.timer(pause.toMillis(), TimeUnit.MILLISECONDS).map(true);
    }

    /** Succeeds when no lane is at work. */
    Future<?> stop() {
        return Future.join(lanes.stream().map(Loop::stop).toList());
    }
}
