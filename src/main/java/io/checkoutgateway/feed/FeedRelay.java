package io.checkoutgateway.feed;

import io.checkoutgateway.cache.Recent;
import io.checkoutgateway.feed.OutboxStore.Published;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.vertx.core.Future;
import java.time.Duration;

/** Publishes what waits in the outbox; any number of replicas, of which one at a time does it. */
public final class FeedRelay {
    /** A transaction of a few milliseconds; a longer one would let the others wait, a shorter one pays more commits. */
    private static final int BATCH = 500;

    /** Whoever reads the gauge needs to know that it is far too many, not how many exactly. */
    private static final int COUNTED_MAX = 10_000;

    private final OutboxStore outbox;
    private final Counter published;
    private final Timer lag;
    private final Recent<Integer> waiting;

    /** @param interval how often the outbox is looked at, at least */
    public FeedRelay(OutboxStore outbox, MeterRegistry metrics, Duration interval) {
        this.outbox = outbox;
        this.waiting = new Recent<>(0, interval, System::nanoTime);
        this.published = metrics.counter("gateway.feed.published");
        this.lag = metrics.timer("gateway.feed.lag");
        Gauge.builder("gateway.feed.outbox", () -> waiting.known(Integer::doubleValue))
                .description("Changes that wait to be published, counted up to " + COUNTED_MAX)
                .register(metrics);
    }

    /**
     * Publishes at most one batch; answers how many changes it held. When it held any, it is worth looking again at
     * once: a change that was written meanwhile may have found the turn taken.
     */
    public Future<Integer> runOnce() {
        return outbox.waiting(COUNTED_MAX).compose(found -> {
            waiting.set(found);
            return found == 0
                    ? Future.succeededFuture(0)
                    : outbox.publish(BATCH).map(batch -> noted(batch, found));
        });
    }

    private int noted(Published batch, int found) {
        if (batch.count() > 0) {
            published.increment(batch.count());
            lag.record(batch.oldest().isNegative() ? Duration.ZERO : batch.oldest());
            waiting.set(Math.max(0, found - batch.count()));
        }
        return batch.count();
    }
}
