package io.checkoutgateway.limits;

import io.checkoutgateway.cache.Lru;
import io.checkoutgateway.failure.Failures;
import io.checkoutgateway.settings.RateSettings;
import io.github.bucket4j.ConsumptionProbe;
import io.github.bucket4j.TimeMeter;
import io.github.bucket4j.distributed.AsyncBucketProxy;
import io.github.bucket4j.distributed.proxy.optimization.DelayParameters;
import io.github.bucket4j.distributed.proxy.optimization.NopeOptimizationListener;
import io.github.bucket4j.distributed.proxy.optimization.Optimization;
import io.github.bucket4j.distributed.proxy.optimization.Optimizations;
import io.github.bucket4j.distributed.proxy.optimization.delay.DelayOptimization;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts what callers ask for, together with the other replicas. A replica gives out a part of a large bucket by itself
 * and tells the others afterwards, so that most requests are counted without the database; small buckets are exact.
 *
 * <p>When the counts cannot be had, requests go on uncounted: a limit protects, and must not be what fails.
 */
public final class RateLimits {
    /** Each takes a kilobyte or two. Who is dropped is read again; what was not told yet is forgiven. */
    static final int BUCKETS_MAX = 10_000;

    /** A replica may give out a twentieth of a bucket on its own: that is how far a limit can be exceeded by each. */
    static final int OWN_PARTS = 20;

    /** How long the others may know nothing of what a replica gave out on its own. */
    private static final Duration OWN_TIME = Duration.ofSeconds(10);

    /** Two statements; a Postgres that needs longer is as good as away. */
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private static final Logger LOG = LoggerFactory.getLogger(RateLimits.class);

    /** Who is measured by what. */
    private record Counted(Rate rate, String namespace, String who) {
        String bucket() {
            return rate.bucketOf(namespace + "/" + who);
        }
    }

    private final @Nullable Rate requests;
    private final @Nullable Rate creates;
    private final TimeMeter time;
    private final SharedBuckets shared;
    private final BucketStore store;
    private final Duration patience;
    private final MeterRegistry metrics;
    private final Counter uncounted;
    private final Lru<Counted, AsyncBucketProxy> buckets = new Lru<>(BUCKETS_MAX);

    public RateLimits(RateSettings settings, BucketStore store, Clock clock, MeterRegistry metrics) {
        this(settings, store, clock, metrics, PATIENCE);
    }

    /** With another patience. */
    RateLimits(RateSettings settings, BucketStore store, Clock clock, MeterRegistry metrics, Duration patience) {
        this.requests = settings.requestsPerSecond() == 0
                ? null
                : Rate.perSecond("credential", settings.requestsPerSecond(), settings.requestsBurst());
        this.creates =
                settings.createsPerMinute() == 0 ? null : Rate.perMinute("customer", settings.createsPerMinute());
        this.time = new ClockTime(clock);
        this.shared = new SharedBuckets(store, time);
        this.store = store;
        this.patience = patience;
        this.metrics = metrics;
        this.uncounted = metrics.counter("gateway.rate.limit.uncounted");
    }

    /**
     * Counts a request of a credential.
     *
     * @return empty when there is no limit, or nobody who counts
     */
    public Future<Optional<Standing>> request(String namespace, String credential) {
        return ask(requests, namespace, credential);
    }

    /** Counts a session that is to be opened for a customer; like {@link #request}. */
    public Future<Optional<Standing>> create(String namespace, String customerId) {
        return ask(creates, namespace, customerId);
    }

    private Future<Optional<Standing>> ask(@Nullable Rate rate, String namespace, String who) {
        if (rate == null) {
            return Future.succeededFuture(Optional.empty());
        }
        CompletableFuture<ConsumptionProbe> counted =
                bucket(new Counted(rate, namespace, who)).tryConsumeAndReturnRemaining(1);
        // Mostly it was counted here and now: nothing to wait for, and no timer to set for each request.
        if (counted.isDone() && !counted.isCompletedExceptionally()) {
            return Future.succeededFuture(Optional.of(standing(rate, counted.join())));
        }
        return Future.fromCompletionStage(counted)
                .timeout(patience.toMillis(), TimeUnit.MILLISECONDS)
                .map(probe -> Optional.of(standing(rate, probe)))
                .otherwise(failure -> uncounted(rate, failure));
    }

    private AsyncBucketProxy bucket(Counted counted) {
        return buckets.get(counted, missing -> shared.asAsync()
                .builder()
                .withOptimization(optimization(missing.rate()))
                .build(missing.bucket(), missing.rate().configuration()));
    }

    /** Requests that come together are counted together; those of a large bucket mostly without a look. */
    private Optimization optimization(Rate rate) {
        int own = rate.burst() / OWN_PARTS;
        return own == 0
                ? Optimizations.batching()
                : new DelayOptimization(new DelayParameters(own, OWN_TIME), NopeOptimizationListener.INSTANCE, time);
    }

    private Standing standing(Rate rate, ConsumptionProbe probe) {
        if (!probe.isConsumed()) {
            metrics.counter("gateway.rate.limited", "policy", rate.name()).increment();
        }
        return new Standing(
                rate,
                probe.isConsumed(),
                probe.getRemainingTokens(),
                Duration.ofNanos(probe.getNanosToWaitForReset()),
                Duration.ofNanos(probe.getNanosToWaitForRefill()));
    }

    private Optional<Standing> uncounted(Rate rate, Throwable failure) {
        uncounted.increment();
        Failures.note(LOG.atDebug().addKeyValue("policy", rate.name()), failure).log("a request was not counted");
        return Optional.empty();
    }

    /** Forgets buckets that are full again; tells whether there may be more of them. */
    public Future<Boolean> forget() {
        return store.forget();
    }

    /** The gateway's clock as the library's. Wall-clock time: replicas compare what they wrote. */
    record ClockTime(Clock clock) implements TimeMeter {
        @Override
        public long currentTimeNanos() {
            return TimeUnit.MILLISECONDS.toNanos(clock.millis());
        }

        @Override
        public boolean isWallClockBased() {
            return true;
        }
    }
}
