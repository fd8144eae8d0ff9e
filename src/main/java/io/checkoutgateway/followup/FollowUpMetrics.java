package io.checkoutgateway.followup;

import io.checkoutgateway.followup.FollowUpStore.Backlog;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;

/** What waits, as gauges, read with each round rather than with each scrape. */
final class FollowUpMetrics {
    private volatile Backlog latest = new Backlog(0, 0, 0);

    FollowUpMetrics(MeterRegistry metrics) {
        Gauge.builder("gateway.follow.ups.pending", () -> latest.pending())
                .description("Follow-ups that are not met yet")
                .register(metrics);
        Gauge.builder("gateway.follow.ups.given.up", () -> latest.givenUp())
                .description("Follow-ups that failed for the last time")
                .register(metrics);
        Gauge.builder("gateway.follow.ups.overdue", () -> latest.overdueSeconds())
                .description("For how long the follow-up that is due for longest has been")
                .baseUnit("seconds")
                .register(metrics);
    }

    void show(Backlog now) {
        latest = now;
    }
}
