package io.checkoutgateway.events;

import io.checkoutgateway.audit.Actor;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The inbox as a person looks at it. */
public interface EventLog {
    /** The words for what became of an event. */
    List<String> STATES = List.of("pending", "applied", "ignored", "quarantined");

    /**
     * A stored event and what became of it.
     *
     * @param row its place in the inbox
     * @param state one of {@link #STATES}
     * @param nextAttemptAt when a pending event is tried next
     * @param settledAt when it was settled last; {@code null} before the first time
     * @param outcome the changed session's id, or why there is none; {@code null} before the first attempt
     */
    record Entry(
            long row,
            String appId,
            StripeEvent event,
            Delivery delivery,
            Instant receivedAt,
            String state,
            int attempts,
            Instant nextAttemptAt,
            @Nullable Instant settledAt,
            @Nullable String outcome) {}

    /** Which events are wanted; a {@code null} condition is none. */
    record Query(@Nullable String state, @Nullable String type, @Nullable String eventId, long after, int most) {}

    /** The namespace's events after this place, oldest first. */
    Future<List<Entry>> list(String namespace, Query query);

    /** The event of this id; empty for another namespace's. */
    Future<Optional<Entry>> find(String namespace, String eventId);

    /** Makes the event pending again, with all its attempts ahead of it; empty for another namespace's. */
    Future<Optional<Entry>> replay(Actor actor, String eventId);
}
