package io.checkoutgateway.audit;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;

/**
 * Links entries into the chain, a moment after they were written. Entries are committed in any order, and a change must
 * not wait for the ones beside it: so the chain is made after the fact, by whichever replica is first.
 */
public final class Chain {
    /** The most that one transaction links: some milliseconds of work. */
    static final int BATCH = 500;

    private final ChainStore store;
    private final Counter linked;
    private volatile ChainStore.State latest = new ChainStore.State(Link.NONE, 0, 0);

    public Chain(ChainStore store, MeterRegistry metrics) {
        this.store = store;
        this.linked = Counter.builder("gateway.audit.linked")
                .description("Entries that this process linked into the audit chain")
                .register(metrics);
        Gauge.builder("gateway.audit.head", () -> latest.head().position())
                .description("Entries in the audit chain")
                .register(metrics);
        Gauge.builder("gateway.audit.unchained", () -> latest.unchained())
                .description("Entries that are not in the audit chain yet")
                .register(metrics);
        Gauge.builder("gateway.audit.unchained.age.seconds", () -> latest.oldestSeconds())
                .description("The age of the oldest entry that is not in the audit chain yet")
                .register(metrics);
    }

    /** Links what waits, up to a batch; tells whether there may be more. */
    public Future<Boolean> runOnce() {
        return store.link(BATCH).compose(count -> {
            linked.increment(count);
            return store.state().map(state -> {
                latest = state;
                return count == BATCH;
            });
        });
    }
}
