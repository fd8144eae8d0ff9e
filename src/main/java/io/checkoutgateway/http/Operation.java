package io.checkoutgateway.http;

import io.checkoutgateway.failure.GatewayException;
import io.vertx.core.Future;
import java.util.Map;
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

    /**
     * A request was refused before the operation had it: its body was too large, say. Only operations that take the raw
     * body are told.
     *
     * @param path what stood in the places of the path's parameters, as it came: nothing of it has been checked
     * @param address where the connection came from
     */
    default void refused(Map<String, String> path, String address, GatewayException failure) {}

    /** Does it; the call has a caller, unless the contract says otherwise, and has been validated. */
    Future<Reply> handle(Call call);
}
