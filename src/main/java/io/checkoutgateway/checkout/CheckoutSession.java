package io.checkoutgateway.checkout;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A session as the gateway remembers it.
 *
 * @param id our ULID
 * @param djstripeId a small number, unique over all namespaces, for clients of the dj-stripe document
 * @param customerId ours; {@code null} for sessions that other services of the account made
 * @param stripeCustomerId known before the session is, once the customer is linked
 * @param failure why it failed; only with {@link CheckoutStatus#FAILED}
 * @param stripe what Stripe said last; {@code null} until it answered
 * @param stripeAsOf how fresh {@code stripe} is: the event's time, or the time of reading
 * @param requestedMetadata the caller's own metadata as it was given
 * @param setupIntentAsOf how fresh {@code setupIntent} is
 * @param accountId the Stripe account; {@code null} until Stripe told it
 * @param completedAt when it became complete: the earliest time at which Stripe said so, or it was seen to be
 * @param version grows with every change
 * @param heard grows with everything that was learnt of it, also with what was known already
 */
public record CheckoutSession(
        String id,
        int djstripeId,
        String namespace,
        String appId,
        @Nullable String accountId,
        boolean livemode,
        @Nullable String customerId,
        @Nullable String stripeCustomerId,
        CheckoutStatus status,
        @Nullable Failure failure,
        @Nullable StripeSession stripe,
        @Nullable Instant stripeAsOf,
        Map<String, String> requestedMetadata,
        @Nullable SetupIntent setupIntent,
        @Nullable Instant setupIntentAsOf,
        Instant createdAt,
        Instant updatedAt,
        @Nullable Instant completedAt,
        long version,
        long heard) {

    /**
     * Why Stripe never opened the session.
     *
     * @param code for machines: Stripe's code, or one of the gateway's reasons
     * @param detail for people; nothing secret
     */
    public record Failure(String code, String detail) {}

    /** The caller's own metadata: Stripe's, once it answered, since others may add to it there. */
    public Map<String, String> metadata() {
        return stripe == null ? requestedMetadata : ReservedMetadata.without(stripe.metadata());
    }
}
