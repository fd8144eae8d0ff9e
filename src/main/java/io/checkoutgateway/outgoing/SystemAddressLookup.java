package io.checkoutgateway.outgoing;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.net.InetAddress;
import java.util.List;

/**
 * Asks the system, whose answer takes into account what the operator set up for the host. The JVM remembers answers for
 * half a minute. The question blocks, so it is asked on threads of its own.
 */
public final class SystemAddressLookup implements AddressLookup {
    /** More than may fail side by side ({@link Courier}), so that dead name servers do not hold up other lookups. */
    private static final int THREADS = 16;

    private final WorkerExecutor threads;

    public SystemAddressLookup(Vertx vertx) {
        this.threads = vertx.createSharedWorkerExecutor("webhook-lookups", THREADS);
    }

    @Override
    public Future<List<InetAddress>> addressesOf(String host) {
        return threads.executeBlocking(() -> List.of(InetAddress.getAllByName(host)), false);
    }
}
