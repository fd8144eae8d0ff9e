package io.checkoutgateway.followup;

import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Where follow-ups wait. Who claims one has it to himself until his time is over; no transaction spans the work. */
public interface FollowUpStore {
    /** Which follow-ups stand behind each other. */
    enum Line {
        /** What someone may be waiting for. */
        NEWS,
        /** What nobody waits for: a backfill brings millions of them at once, and nothing else may wait for those. */
        BACKGROUND
    }

    /**
     * A follow-up that is ours for a while.
     *
     * @param generation how often it has been wished for; a wish that is repeated meanwhile makes it another
     * @param attempt counts from 1; those that nobody lived to end count too
     * @param begun how often it was begun since it last ended, this time included
     * @param until when somebody else may claim it, in database time; no two claims of one follow-up have the same
     * @param causes the events that wait for it, in the order in which they called for it; those that call for it
     *     meanwhile are the next claim's
     */
    record Claimed(
            long row,
            FollowUp wish,
            long generation,
            int attempt,
            int begun,
            Instant until,
            List<FollowUp.Cause> causes) {}

    /**
     * Claims the one that has been due for longest; those of disconnected accounts are put off until the account is back.
     *
     * @return empty when none is due
     */
    Future<Optional<Claimed>> claim(Line line, Duration lease);

    /**
     * It was met: it is forgotten, or due at once when it was wished for again meanwhile, without the causes of this
     * claim.
     *
     * @return when, in database time; empty when it is somebody else's by now, who tells of its causes, or gone
     */
    Future<Optional<Instant>> met(Claimed claimed);

    /** What came of a failure. */
    enum Failed {
        /** It is tried again. */
        RETRIED,
        /** It waits for a person, or to be wished for again. */
        GIVEN_UP,
        /** Somebody else has claimed it since: nothing was changed. */
        OVERTAKEN
    }

    /**
     * It failed: it is due again after a pause that doubles with each attempt, or given up, unless it was wished for
     * again meanwhile; what was given up waits for a person, and its causes are forgotten. Nothing happens when somebody
     * else has claimed it since.
     *
     * @param reason for people; nothing secret
     * @param attemptsMax after how many failures it is given up
     */
    Future<Failed> failed(Claimed claimed, String reason, int attemptsMax);

    /**
     * It cannot be met for now, for a reason that is no failure of its own: it is due again after a pause, uncounted.
     * The pause grows with its age, to about an hour. Nothing happens when somebody else has claimed it since.
     *
     * @param reason for people; nothing secret
     * @param least how long the pause is until a tenth of the follow-up's age is longer
     * @return whether it was still ours
     */
    Future<Boolean> putOff(Claimed claimed, String reason, Duration least);

    /** What waits, for metrics. */
    Future<Backlog> backlog();

    /**
     * What waits at one moment. Counts end at a number that is alarming enough, since counting millions takes long.
     *
     * @param overdueSeconds for how long the one that is due for longest has been; 0 when none is due
     */
    record Backlog(long pending, long givenUp, double overdueSeconds) {}
}
