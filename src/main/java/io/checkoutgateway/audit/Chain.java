package io.checkoutgateway.audit;

import io.checkoutgateway.cache.Recent;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import java.util.function.LongSupplier;

/**
 * Links entries into the chain, a moment after they were written. Entries are committed in any order, and a change must
 * not wait for the ones beside it: so the chain is made after the fact, by whichever replica is first.
 */
public final class Chain {
    /** The most that one transaction links: some milliseconds of work. */
    static final int BATCH = 500;

    private final ChainStore store;
    private final Counter linked;
    private final Recent<ChainStore.State> latest;

    /** @param nanos a clock as {@link System#nanoTime} */
    public Chain(ChainStore store, MeterRegistry metrics, LongSupplier nanos) {
        this.store = store;
        this.latest = new Recent<>(new ChainStore.State(Link.NONE, 0, 0), nanos);
        this.linked = Counter.builder("gateway.audit.linked")
                .description("Entries that this process linked into the audit chain")
                .register(metrics);
        Gauge.builder(
                        "gateway.audit.head",
                        () -> latest.known(state -> state.head().position()))
                .description("Entries in the audit chain")
                .register(metrics);
        Gauge.builder("gateway.audit.unchained", () -> latest.known(ChainStore.State::unchained))
                .description("Entries that are not in the audit chain yet")
                .register(metrics);
        Gauge.builder("gateway.audit.unchained.age.seconds", () -> latest.known(ChainStore.State::oldestSeconds))
                .description("The age of the oldest entry that is not in the audit chain yet")
                .register(metrics);
    }

    /** Links what waits, up to a batch; tells whether there may be more. */
    public Future<Boolean> runOnce() {
        return store.link(BATCH).compose(count -> {
            linked.increment(count);
            return store.state().map(state -> {
                latest.set(state);
                return count == BATCH;
            });
        });
    }
}
