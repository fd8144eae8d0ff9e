package io.checkoutgateway.checkout;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One entry of a session's history.
 *
 * @param sequence counts from 1 for each session
 * @param from {@code null} for the first entry
 * @param to the same as {@code from} when something else than the status changed, such as the SetupIntent
 * @param reason the event's type, or what the gateway did
 * @param eventId Stripe's {@code evt_…}, for events
 * @param occurredAt when it happened at Stripe, as far as is known
 * @param recordedAt when the gateway wrote it down
 * @param setupError why an attempt to set up a payment method failed, when that is what happened
 */
public record Transition(
        long sequence,
        @Nullable CheckoutStatus from,
        CheckoutStatus to,
        String reason,
        Observation.Source source,
        @Nullable String eventId,
        Instant occurredAt,
        Instant recordedAt,
        SetupIntent.@Nullable SetupError setupError) {}
