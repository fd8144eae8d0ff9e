package io.checkoutgateway.mirror;

import io.checkoutgateway.audit.Actor;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Where it is remembered through when events were asked for. */
public interface CatchUpStore {
    /**
     * A sweep that is this process's for a moment.
     *
     * @param account the connected account; {@code null} for the app's own
     * @param from events since then are asked for
     * @param to what the past is complete through when the sweep is done
     * @param after the last event that was taken in; {@code null} at the beginning
     * @param full whether all events are asked for, since not all that were missed count as undelivered
     */
    record Sweep(
            String appId,
            @Nullable String account,
            long lease,
            Instant from,
            Instant to,
            @Nullable String after,
            boolean full) {
        /** The same, after this event was taken in. */
        Sweep at(String last) {
            return new Sweep(appId, account, lease, from, to, last, full);
        }

        String accountOrOwn() {
            return account == null ? "own" : account;
        }
    }

    /**
     * A stretch of an account's past whose events Stripe had forgotten before they were asked for.
     *
     * @param account the connected account; {@code null} for the app's own
     * @param runId the backfill that was started for it; {@code null} while none was
     */
    record Gap(
            String namespace,
            String appId,
            @Nullable String account,
            Instant from,
            Instant to,
            @Nullable String runId) {
        /**
         * How long before the gap a session may have been created that changed in it: it is open for a day, and its bank
         * debit may be under way for two weeks. (Stripe, "Delayed notification payment methods": 14 business days at most.)
         */
        public static final Duration CHANGES_FOR = Duration.ofDays(21);

        /** From where a backfill has to begin to close the gap: what was created since may have changed in it. */
        public Instant backfillFrom() {
            return from.minus(CHANGES_FOR);
        }

        String accountOrOwn() {
            return account == null ? "own" : account;
        }
    }

    /**
     * Takes the sweep of an account, or begins one: in full where that was asked for, or while the endpoint that should
     * hear of the events loses them.
     *
     * @param account the connected account; {@code null} for the app's own
     * @param idle how long ago the last one must have ended
     * @param overlap how far a new sweep reaches back into what the last one asked for
     * @param horizon how far back Stripe remembers
     * @return empty when another process has it, or when it is too early
     */
    Future<Optional<Sweep>> claim(
            String appId, @Nullable String account, Duration lease, Duration idle, Duration overlap, Duration horizon);

    /** Notes how far the sweep has come, and lets it go. */
    Future<Void> paused(Sweep sweep, String after, int found);

    /**
     * The sweep is complete; tells whether another one is wanted at once. What of the account's past Stripe had forgotten
     * before becomes a gap.
     *
     * @param horizon how far back Stripe remembers
     */
    Future<Boolean> done(Sweep sweep, int found, Duration horizon);

    /** The sweep failed; the next one goes on, or starts again when its place is not known to Stripe any more. */
    Future<Void> failed(Sweep sweep, String reason, boolean startAgain);

    /**
     * All events since then are to be asked for, delivered or not.
     *
     * @param account the connected account, or none at all ({@code ""}) for the app's own alone; {@code null} for its own
     *     and all that are connected
     * @return whether any account was meant: one that is unknown or disconnected is not asked for
     */
    Future<Boolean> askForAll(Actor actor, String appId, @Nullable String account, Instant since);

    /** The gaps that are not closed, of all apps. */
    Future<List<Gap>> gaps();

    /** A backfill was started that closes the gap when it is completed. */
    Future<Void> closing(Gap gap, String runId);

    /** Forgets gaps that a completed backfill has read, from {@link Gap#backfillFrom()} on; tells which. */
    Future<List<Gap>> closed();

    /**
     * How catching up with the app's accounts stands.
     *
     * @param through as {@link #through} of its own account
     * @param waiting accounts, its own among them, that have still to be asked for all events
     * @param gaps some of those that are not closed
     */
    record Standing(String appId, @Nullable Instant through, long waiting, List<Gap> gaps) {
        public Standing {
            gaps = List.copyOf(gaps);
        }
    }

    Future<Standing> standing(String appId);

    /**
     * Through when the account's past is complete; before the first sweep is done, since when the app is there.
     *
     * @return empty when there is no such app
     */
    Future<Optional<Instant>> through(String appId, @Nullable String account);
}
