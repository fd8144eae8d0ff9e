package io.checkoutgateway.limits;

import io.checkoutgateway.cache.Lru;
import io.checkoutgateway.failure.Failures;
import io.github.bucket4j.ConsumptionProbe;
import io.github.bucket4j.distributed.AsyncBucketProxy;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A rate a second that all processes share through the store, from which each takes a few places at a time.
 *
 * <p>While the store cannot be asked, places are given out uncounted: whoever asks keeps a rate of his own besides, and a
 * hiccup of Postgres must not stop what is on its way to Stripe.
 */
public final class Portions implements Share {
    /** A portion is this part of a second's worth: so many looks a second for each, however large the rate. */
    static final int PARTS = 5;

    /** Who is dropped has lost a portion at most. */
    private static final int KEPT_MAX = 10_000;

    /** Two statements; a Postgres that needs longer is as good as away. */
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    /** For how long a store that could not be asked is left alone. */
    private static final Duration UNCOUNTED = Duration.ofSeconds(10);

    private static final Logger LOG = LoggerFactory.getLogger(Portions.class);

    private final Rate rate;
    private final int portion;
    private final SharedBuckets shared;
    private final Duration patience;
    private final Counter uncounted;
    private final Lru<String, Purse> purses = new Lru<>(KEPT_MAX);

    /**
     * @param name what the places are for
     * @param clock wall-clock time, which the processes' hosts agree on
     */
    public Portions(String name, int perSecond, BucketStore store, Clock clock, MeterRegistry metrics) {
        this(name, perSecond, store, clock, metrics, PATIENCE);
    }

    /** With another patience. */
    Portions(String name, int perSecond, BucketStore store, Clock clock, MeterRegistry metrics, Duration patience) {
        this.rate = Rate.perSecond(name, perSecond, perSecond);
        this.portion = Math.max(1, perSecond / PARTS);
        this.shared = new SharedBuckets(store, new RateLimits.ClockTime(clock));
        this.patience = patience;
        this.uncounted = metrics.counter("gateway.rate.share.uncounted", "share", name);
    }

    @Override
    public boolean hasPlace(String whose) {
        return purse(whose).hasPlace();
    }

    @Override
    public void take(String whose) {
        purse(whose).take();
    }

    private Purse purse(String whose) {
        return purses.get(
                whose,
                missing -> new Purse(shared.asAsync().builder().build(rate.bucketOf(missing), rate.configuration())));
    }

    /** What one process holds of one bucket. */
    private final class Purse {
        private final AsyncBucketProxy bucket;
        private int left;
        private boolean asking;
        private long notBeforeNanos = System.nanoTime();
        private long uncountedUntilNanos = notBeforeNanos;

        Purse(AsyncBucketProxy bucket) {
            this.bucket = bucket;
        }

        boolean hasPlace() {
            long now = System.nanoTime();
            synchronized (this) {
                if (left > 0 || uncountedUntilNanos - now > 0) {
                    return true;
                }
                if (asking || notBeforeNanos - now > 0) {
                    return false;
                }
                asking = true;
            }
            ask();
            return holds();
        }

        private synchronized boolean holds() {
            return left > 0;
        }

        synchronized void take() {
            left = Math.max(0, left - 1);
        }

        private void ask() {
            Future<ConsumptionProbe> asked = Future.fromCompletionStage(bucket.tryConsumeAndReturnRemaining(portion))
                    .timeout(patience.toMillis(), TimeUnit.MILLISECONDS);
            asked.onSuccess(this::got).onFailure(this::away);
        }

        private synchronized void got(ConsumptionProbe probe) {
            asking = false;
            if (probe.isConsumed()) {
                left += portion;
            } else {
                notBeforeNanos = System.nanoTime() + probe.getNanosToWaitForRefill();
            }
        }

        private void away(Throwable failure) {
            synchronized (this) {
                asking = false;
                uncountedUntilNanos = System.nanoTime() + UNCOUNTED.toNanos();
            }
            uncounted.increment();
            Failures.note(LOG.atWarn().addKeyValue("share", rate.name()), failure)
                    .log("a shared rate could not be asked for; each process keeps its own for a moment");
        }
    }
}
