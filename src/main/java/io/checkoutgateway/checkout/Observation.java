package io.checkoutgateway.checkout;

import io.checkoutgateway.checkout.SetupIntent.SetupError;
import java.time.Instant;
import java.util.Optional;
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
 * @param basis what the session had {@linkplain CheckoutSession#heard() heard} when a reading of it was begun: the
 *     reading has seen all of that; {@code null} for what was told
 * @param completedAt for a reading, since when the session is complete, where an event said so that called for it
 */
public record Observation(
        @Nullable StripeSession session,
        @Nullable SetupIntent setupIntent,
        Instant asOf,
        Source source,
        @Nullable String eventId,
        String reason,
        @Nullable Long basis,
        @Nullable Instant completedAt) {
    private static final String SETUP_FAILED = "setup_intent.setup_failed";

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
        return new Observation(seen.session(), seen.setupIntent(), asOf, source, null, reason, known.heard(), null);
    }

    /** What a reading showed of the SetupIntent of a session that was known before it; as late as the other. */
    public static Observation reading(
            CheckoutSession known, SetupIntent seen, Instant readAt, Source source, String reason) {
        Instant asOf = latest(latest(readAt, known.stripeAsOf()), known.setupIntentAsOf());
        return new Observation(null, seen, asOf, source, null, reason, known.heard(), null);
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
        this(session, setupIntent, asOf, source, eventId, reason, null, null);
    }

    /** The same, of a session that is complete since then; {@code null} where nobody said since when. */
    public Observation completeSince(@Nullable Instant at) {
        return new Observation(session, setupIntent, asOf, source, eventId, reason, basis, at);
    }

    /**
     * Since when the session is complete, if it is and an event says so; a reading, which is dated with less care, shows
     * only that it is complete by now.
     */
    Optional<Instant> toldCompleteSince() {
        return source == Source.EVENT ? Optional.of(asOf) : Optional.ofNullable(completedAt);
    }

    /** Whether it is a reading, and nothing was heard of the session since it was begun. */
    boolean hasSeen(long heard) {
        return basis != null && basis == heard;
    }

    /** The error that an event tells of, when it tells that an attempt to set up a payment method failed. */
    public Optional<SetupError> failedAttempt() {
        return source == Source.EVENT && reason.equals(SETUP_FAILED) && setupIntent != null
                ? Optional.ofNullable(setupIntent.lastError())
                : Optional.empty();
    }

    public Observation {
        if (session == null && setupIntent == null) {
            throw new IllegalArgumentException("an observation is of a session, a SetupIntent or both");
        }
    }
}
