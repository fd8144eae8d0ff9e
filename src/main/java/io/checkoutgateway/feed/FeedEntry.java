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
 * @param mode the session's; {@code null} until Stripe answered
 * @param status the session's status after the change
 * @param paymentStatus its payment status after the change; {@code null} until Stripe answered
 * @param setupIntentStatus its SetupIntent's after the change; {@code null} when there is none, or none is known
 * @param customerId the session's customer; {@code null} for sessions that other services of the account made
 * @param data the contract's {@code CheckoutSessionEvent}, JSON in one line
 */
public record FeedEntry(
        long position,
        String namespace,
        String sessionId,
        long sequence,
        String type,
        @Nullable String mode,
        String status,
        @Nullable String paymentStatus,
        @Nullable String setupIntentStatus,
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

    private static final Set<String> WITHOUT_SUCCESS = Set.of("expired", "failed");
    private static final String SETUP = "setup";
    private static final Set<String> SETTLED_INTENTS = Set.of("succeeded", "canceled");

    /**
     * Whether the session has come to its end, and so has what it was for: a complete one may still wait for a payment
     * that takes days, or for the word that the card was set up. (Stripe, "Fulfill orders": delayed payment methods.)
     */
    public boolean isFinal() {
        return WITHOUT_SUCCESS.contains(status) || (status.equals("complete") && isPaid() && isSetUp());
    }

    private boolean isPaid() {
        return !"unpaid".equals(paymentStatus);
    }

    private boolean isSetUp() {
        return setupIntentStatus == null ? !SETUP.equals(mode) : SETTLED_INTENTS.contains(setupIntentStatus);
    }
}
