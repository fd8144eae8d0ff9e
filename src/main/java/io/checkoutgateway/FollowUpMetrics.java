package io.checkoutgateway;

import io.checkoutgateway.cache.Recent;
import io.checkoutgateway.followup.FollowUpStore;
import io.checkoutgateway.followup.FollowUpStore.Backlog;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is to be done at Stripe as gauges, like {@link BacklogMetrics}. */
final class FollowUpMetrics {
    private static final Logger LOG = LoggerFactory.getLogger(FollowUpMetrics.class);

    private final FollowUpStore followUps;
    private final Recent<Backlog> latest;

    /** @param nanos a clock as {@link System#nanoTime} */
    FollowUpMetrics(FollowUpStore followUps, MeterRegistry metrics, LongSupplier nanos) {
        this.followUps = followUps;
        this.latest = new Recent<>(new Backlog(0, 0, 0), nanos);
        Gauge.builder("gateway.follow.ups.pending", () -> latest.known(Backlog::pending))
                .description("Follow-ups that are not met yet")
                .register(metrics);
        Gauge.builder("gateway.follow.ups.given.up", () -> latest.known(Backlog::givenUp))
                .description("Follow-ups that failed for the last time")
                .register(metrics);
        Gauge.builder("gateway.follow.ups.overdue", () -> latest.known(Backlog::overdueSeconds))
                .description("For how long the follow-up that is due for longest has been")
                .baseUnit("seconds")
                .register(metrics);
    }

    /** Counts, once; tells that there is no more to do. */
    Future<Boolean> runOnce() {
        return followUps
                .backlog()
                .onSuccess(latest::set)
                .onFailure(failure -> LOG.warn("the follow-ups could not be counted", failure))
                .map(false)
                .otherwise(false);
    }
}
