package io.checkoutgateway.audit;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Where the chain is kept. */
public interface ChainStore {
    /**
     * Links entries that are not linked yet, in the order of their ids, in one transaction; one process at a time.
     *
     * @return how many; 0 also when another process is at it
     */
    Future<Integer> link(int most);

    /**
     * The chain at one moment, for metrics.
     *
     * @param head the last place, {@link Link#NONE} when there is none
     * @param unchained entries that are not linked yet
     * @param oldestSeconds the age of the oldest of them; 0 when there is none
     */
    record State(Link head, long unchained, double oldestSeconds) {}

    Future<State> state();

    /** Whether the role that serves may change or delete what was written. */
    Future<Boolean> alterable();

    /**
     * What lies at a place.
     *
     * @param entryId the entry that was linked there
     * @param entry as it is now; {@code null} when it is gone
     */
    record Linked(long position, Buffer hash, long entryId, @Nullable AuditEntry entry) {}

    /** The chain after this position, in order. */
    Future<List<Linked>> after(long position, int most);

    /** Up to which id there are entries. */
    Future<Long> lastEntry();

    /** The first entry with an id in this range that was neither linked nor waits to be; empty when there is none. */
    Future<Optional<Long>> stray(long afterId, long throughId);

    /** How many entries have waited for longer than this to be linked. */
    Future<Long> waitingFor(Duration limit);
}
