package io.checkoutgateway.feed;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One published change of a session.
 *
 * @param position where it lies in the feed; greater than that of everything published before it
 * @param sequence the session's version that the change made; counts from 1 for each session
 * @param type one of {@link #TYPES}, or {@link #SNAPSHOT}
 * @param status the session's status after the change
 * @param customerId the session's customer; {@code null} for sessions that other services of the account made
 * @param data the contract's {@code CheckoutSessionEvent}, JSON in one line
 */
public record FeedEntry(
        long position,
        String namespace,
        String sessionId,
        long sequence,
        String type,
        String status,
        @Nullable String customerId,
        String data) {
    /** What a change is called. */
    public static final List<String> TYPES = List.of(
            "checkout_session.creating",
            "checkout_session.opened",
            "checkout_session.completed",
            "checkout_session.expired",
            "checkout_session.failed",
            "checkout_session.updated");

    /** Not a change: what a session is at the moment when someone begins to watch it. */
    public static final String SNAPSHOT = "checkout_session.snapshot";

    private static final Set<String> FINAL = Set.of("complete", "expired", "failed");

    /** Whether the session has come to its end: its status never changes again. */
    public boolean isFinal() {
        return FINAL.contains(status);
    }
}
