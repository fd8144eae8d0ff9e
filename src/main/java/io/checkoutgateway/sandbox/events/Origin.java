package io.checkoutgateway.sandbox.events;

import org.jspecify.annotations.Nullable;

/**
 * What caused an event: a request, or a customer on a page, or time, for which both are null.
 *
 * @param requestId {@code req_…}
 */
public record Origin(@Nullable String requestId, @Nullable String idempotencyKey) {
    /** Nobody called the API. */
    public static final Origin NONE = new Origin(null, null);
}
