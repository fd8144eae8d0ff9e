package io.checkoutgateway.outgoing;

import io.checkoutgateway.audit.Actor;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Deliveries as a person looks at them. */
public interface DeliveryLog {
    /**
     * A delivery and what became of it.
     *
     * @param position of the news in the feed; names the delivery within its endpoint
     * @param state {@code pending}, {@code delivered}, {@code failed} or {@code skipped}
     * @param nextAttemptAt when a pending one is tried next
     * @param settledAt {@code null} while it is pending
     * @param lastStatus {@code null} when the last attempt brought no answer, and before the first
     * @param lastError why the last attempt brought no answer
     */
    record Delivery(
            long position,
            String messageId,
            String type,
            String sessionId,
            String state,
            int attempts,
            Instant createdAt,
            Instant nextAttemptAt,
            @Nullable Instant lastAttemptAt,
            @Nullable Instant settledAt,
            @Nullable Integer lastStatus,
            @Nullable String lastError) {}

    /**
     * An endpoint's deliveries, the newest first.
     *
     * @param state {@code null} for any
     * @param before those of smaller positions; 0 for the newest
     * @return fails with {@link io.checkoutgateway.failure.Reason#NOT_FOUND} when the namespace has no such endpoint
     */
    Future<List<Delivery>> list(String namespace, String endpointId, @Nullable String state, long before, int most);

    /** What was or will be sent; empty when the endpoint has no such delivery. Fails as {@link #list} does. */
    Future<Optional<Message>> message(String namespace, String endpointId, long position);

    /**
     * Makes a delivery pending again, with all its attempts ahead of it.
     *
     * @return empty when there is none; fails with {@link io.checkoutgateway.failure.Reason#CONFLICT} when the endpoint is
     *     disabled
     */
    Future<Optional<Delivery>> redeliver(Actor actor, String endpointId, long position);

    /**
     * How far a recovery came.
     *
     * @param queued how many messages were made pending
     * @param next the position that it reached; {@code null} when nothing lies behind it
     */
    record Recovered(int queued, @Nullable Long next) {}

    /**
     * Makes pending what an endpoint wants and was not delivered: news of the feed that it was never sent, and deliveries
     * that failed or were skipped. Looks at a bounded number of them.
     *
     * @param since what came into the feed at this time or later
     * @param after where an earlier call ended; {@code null} to begin at that time
     * @return fails with {@link io.checkoutgateway.failure.Reason#NOT_FOUND} when the namespace has no such endpoint, and
     *     with {@link io.checkoutgateway.failure.Reason#CONFLICT} when the endpoint is disabled
     */
    Future<Recovered> recover(Actor actor, String endpointId, Instant since, @Nullable Long after);
}
