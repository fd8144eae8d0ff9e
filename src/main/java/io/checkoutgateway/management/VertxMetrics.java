package io.checkoutgateway.management;

import io.vertx.micrometer.MetricsDomain;
import io.vertx.micrometer.MicrometerMetricsOptions;

/** Which of Vert.x' own metrics are kept. */
public final class VertxMetrics {
    private VertxMetrics() {}

    /**
     * Pools and event loops. Requests are left to {@code http.server.request.duration}, which knows their route: a second
     * measurement would cost as much again, and callers could make up methods, each a series of its own.
     */
    public static MicrometerMetricsOptions options() {
        return new MicrometerMetricsOptions().setEnabled(true).addDisabledMetricsCategory(MetricsDomain.HTTP_SERVER);
    }
}
