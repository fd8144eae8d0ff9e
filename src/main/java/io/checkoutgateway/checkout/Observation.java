package io.checkoutgateway.checkout;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What was learnt from Stripe at one moment about a session, its SetupIntent, or both.
 *
 * @param session the session as it was then; {@code null} when only the SetupIntent was seen
 * @param setupIntent the SetupIntent as it was then; {@code null} when only the session was seen
 * @param asOf the event's creation time, or the time at which the call was answered
 * @param source how it was learnt
 * @param eventId Stripe's {@code evt_…}, for events
 * @param reason the event's type or the operation's name, for the history
 */
public record Observation(
        @Nullable StripeSession session,
        @Nullable SetupIntent setupIntent,
        Instant asOf,
        Source source,
        @Nullable String eventId,
        String reason) {

    /** How a change came about. */
    public enum Source {
        /** An answer to a caller's request. */
        API,
        /** An event that Stripe delivered. */
        EVENT,
        /** The gateway's own finishing of what died. */
        RECONCILER,
        /** A caller asked to look again. */
        REFRESH,
        /** All sessions of the account were listed, or a difference was mended. */
        BACKFILL
    }

    public Observation {
        if (session == null && setupIntent == null) {
            throw new IllegalArgumentException("an observation is of a session, a SetupIntent or both");
        }
    }
}
