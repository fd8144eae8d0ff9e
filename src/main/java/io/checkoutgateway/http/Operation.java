package io.checkoutgateway.http;

import io.vertx.core.Future;

/** One operation of the contract. */
public interface Operation {
    /** The contract's operationId. */
    String id();

    /** Whether the body must reach the operation as it arrived, unread. */
    default boolean takesRawBody() {
        return false;
    }

    /** Does it; the call has a caller, unless the contract says otherwise, and has been validated. */
    Future<Reply> handle(Call call);
}
