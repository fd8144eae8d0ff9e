package io.checkoutgateway.audit;

import io.vertx.core.Future;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The audit log as people read it. */
public interface AuditLog {
    /**
     * Which entries are wanted; a {@code null} condition is none.
     *
     * @param from the earliest moment
     * @param to the latest moment, exclusive
     * @param before those of smaller ids; 0 for the newest
     */
    record Query(
            @Nullable String actor,
            @Nullable String action,
            @Nullable String resource,
            @Nullable Instant from,
            @Nullable Instant to,
            long before,
            int most) {}

    /**
     * An entry and its place in the chain.
     *
     * @param position {@code null} while it is not linked
     */
    record Listed(AuditEntry entry, @Nullable Long position) {}

    /** The namespace's entries, the newest first. */
    Future<List<Listed>> list(String namespace, Query query);
}
