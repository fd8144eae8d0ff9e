package io.checkoutgateway.audit;

import io.vertx.core.buffer.Buffer;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One line of the audit log.
 *
 * @param id grows with each entry, not without gaps
 * @param at when the change was made, to the microsecond
 * @param actor who asked for it, see {@link Actor#name}
 * @param action the thing and what happened to it, such as {@code customer.created}
 * @param resource the thing's kind and id, such as {@code customer:01J…}
 * @param beforeHash SHA-256 of the thing's state before; {@code null} when there was none
 * @param afterHash SHA-256 of its state after; {@code null} when there is none any more
 */
public record AuditEntry(
        long id,
        Instant at,
        String namespace,
        String actor,
        String action,
        String resource,
        String requestId,
        @Nullable Buffer beforeHash,
        @Nullable Buffer afterHash) {}
