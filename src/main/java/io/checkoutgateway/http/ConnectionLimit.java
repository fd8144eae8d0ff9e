package io.checkoutgateway.http;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.http.HttpConnection;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * How many connections one process serves, on all event loops together. One more is closed before it says anything: an
 * answer would have to wait for a request, which is what those who hold connections for their own sake never send.
 */
final class ConnectionLimit {
    private final int most;
    private final AtomicInteger open = new AtomicInteger();
    private final Counter refused;

    ConnectionLimit(int most, MeterRegistry metrics) {
        this.most = most;
        this.refused = metrics.counter("gateway.connections.refused");
        Gauge.builder("gateway.connections.open", open, AtomicInteger::get).register(metrics);
    }

    /** Lets a new connection stay, or closes it. */
    void admit(HttpConnection connection) {
        boolean room = open.incrementAndGet() <= most;
        connection.closeHandler(closed -> open.decrementAndGet());
        if (!room) {
            refused.increment();
            connection.close();
        }
    }
}
