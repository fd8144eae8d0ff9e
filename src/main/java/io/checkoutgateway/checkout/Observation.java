package io.checkoutgateway.checkout;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What was learnt from Stripe at one moment about a session, its SetupIntent, or both.
 *
 * @param session the session as it was then; {@code null} when only the SetupIntent was seen
 * @param setupIntent the SetupIntent as it was then; {@code null} when only the session was seen
 * @param asOf a time at which it was true, by Stripe's clock: the event's creation, or just before the reading
 * @param source how it was learnt
 * @param eventId Stripe's {@code evt_…}, for events
 * @param reason the event's type or the operation's name, for the history
 * @param basis the version that the session had when a reading of it was begun: everything that is in that version,
 *     the reading has seen; {@code null} for what was told
 */
public record Observation(
        @Nullable StripeSession session,
        @Nullable SetupIntent setupIntent,
        Instant asOf,
        Source source,
        @Nullable String eventId,
        String reason,
        @Nullable Long basis) {

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
        /** The gateway looked again, because what it was told left something open. */
        FOLLOW_UP,
        /** All sessions of the account were read, or a difference was mended. */
        BACKFILL
    }

    /**
     * What a reading showed of a session that was known before it. The reading is at least as late as everything known
     * by then, also where clocks differ: it was begun after that.
     */
    public static Observation reading(
            CheckoutSession known, StripeCheckout.Snapshot seen, Source source, String reason) {
        Instant asOf = latest(latest(seen.asOf(), known.stripeAsOf()), known.setupIntentAsOf());
        return new Observation(seen.session(), seen.setupIntent(), asOf, source, null, reason, known.version());
    }

    /** What a reading showed of the SetupIntent of a session that was known before it; as late as the other. */
    public static Observation reading(
            CheckoutSession known, SetupIntent seen, Instant readAt, Source source, String reason) {
        Instant asOf = latest(latest(readAt, known.stripeAsOf()), known.setupIntentAsOf());
        return new Observation(null, seen, asOf, source, null, reason, known.version());
    }

    private static Instant latest(Instant one, @Nullable Instant other) {
        return other == null || one.isAfter(other) ? one : other;
    }

    /** What was told, rather than read. */
    public Observation(
            @Nullable StripeSession session,
            @Nullable SetupIntent setupIntent,
            Instant asOf,
            Source source,
            @Nullable String eventId,
            String reason) {
        this(session, setupIntent, asOf, source, eventId, reason, null);
    }

    /** Whether it is a reading that was begun when the session was in this version. */
    boolean hasSeen(long version) {
        return basis != null && basis == version;
    }

    public Observation {
        if (session == null && setupIntent == null) {
            throw new IllegalArgumentException("an observation is of a session, a SetupIntent or both");
        }
    }
}
