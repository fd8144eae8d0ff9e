package io.checkoutgateway.http;

import io.vertx.core.Future;
import java.util.Optional;

/** One operation of the contract. */
public interface Operation {
    /** The contract's operationId. */
    String id();

    /** Whether the body must reach the operation as it arrived, unread. */
    default boolean takesRawBody() {
        return false;
    }

    /**
     * The customer whose rate the call counts against, where the contract's {@code x-limited-per} cannot name it because
     * it is not in the path; empty when it counts against its caller's only.
     */
    default Future<Optional<String>> limitedPer(Call call) {
        return Future.succeededFuture(Optional.empty());
    }

    /** Does it; the call has a caller, unless the contract says otherwise, and has been validated. */
    Future<Reply> handle(Call call);
}
