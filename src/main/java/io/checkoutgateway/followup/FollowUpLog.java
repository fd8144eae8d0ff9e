package io.checkoutgateway.followup;

import io.checkoutgateway.audit.Actor;
import io.checkoutgateway.listing.Repeated;
import io.checkoutgateway.listing.Stretch;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Follow-ups as a person looks at them: what waits, what was given up and why, and how it is begun again. */
public interface FollowUpLog {
    /** The words for where a follow-up stands; one that is met is gone. */
    List<String> STATES = List.of("pending", "given_up");

    /** How many one call begins again at most: few enough that their locks are gone in a moment. */
    int RETRIED_MAX = 1_000;

    /**
     * A follow-up.
     *
     * @param row its number
     * @param state one of {@link #STATES}
     * @param attempts how often it failed
     * @param nextAttemptAt when it is tried next; while someone is at it, until when it is theirs
     * @param outcome what went wrong last; {@code null} when nothing has
     * @param waitingSince when the first of the events was stored that reach their row only by it; {@code null} for none
     */
    record Entry(
            long row,
            FollowUp wish,
            String state,
            int attempts,
            Instant nextAttemptAt,
            Instant createdAt,
            @Nullable String outcome,
            @Nullable Instant waitingSince) {}

    /** Which are wanted; a {@code null} condition is none. */
    record Filter(
            @Nullable String state, FollowUp.@Nullable Kind kind, @Nullable String appId, @Nullable String subject) {

        /** All there are. */
        public static final Filter ALL = new Filter(null, null, null, null);
    }

    /** The namespace's follow-ups after this number, the oldest first. */
    Future<Stretch<Entry>> list(String namespace, Filter filter, long after, int most);

    /** The follow-up of this number; empty for another namespace's, and when it was met. */
    Future<Optional<Entry>> find(String namespace, long row);

    /**
     * Makes it due at once, with all its attempts ahead of it; one that somebody is at is due when that has ended. Empty
     * for another namespace's.
     */
    Future<Optional<Entry>> retry(Actor actor, long row);

    /**
     * The same for all that match, {@value #RETRIED_MAX} at most, the oldest first. Those that somebody else is changing
     * at this moment are left out.
     *
     * @param after the number to go on after; 0 at the beginning
     * @param dryRun whether they are only counted
     */
    Future<Repeated> retryAll(Actor actor, Filter filter, long after, boolean dryRun);

    /**
     * Forgets one that was given up.
     *
     * @return empty for another namespace's; as it is when it is not given up, and then it stays
     */
    Future<Optional<Entry>> drop(Actor actor, long row);
}
