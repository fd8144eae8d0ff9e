package io.checkoutgateway.followup;

import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
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
     */
    record Claimed(long row, FollowUp wish, long generation, int attempt, int begun, Instant until) {}

    /**
     * Claims the one that has been due for longest; those of disconnected accounts are put off until the account is back.
     *
     * @return empty when none is due
     */
    Future<Optional<Claimed>> claim(Line line, Duration lease);

    /** It was met: it is forgotten, or due at once when it was wished for again meanwhile. */
    Future<Void> met(Claimed claimed);

    /**
     * It failed: it is due again after a pause that doubles with each attempt, or given up, unless it was wished for
     * again meanwhile. Nothing happens when somebody else has claimed it since.
     *
     * @param reason for people; nothing secret
     * @param attemptsMax after how many failures it is given up
     * @return whether it was given up
     */
    Future<Boolean> failed(Claimed claimed, String reason, int attemptsMax);

    /**
     * It cannot be met for now, for a reason that is no failure of its own: it is due again after a pause, uncounted.
     * The pause is a minute, and a tenth of its age once that is more, an hour at most. Nothing happens when somebody
     * else has claimed it since.
     *
     * @param reason for people; nothing secret
     */
    Future<Void> putOff(Claimed claimed, String reason);

    /** What waits, for metrics. */
    Future<Backlog> backlog();

    /**
     * What waits at one moment. Counts end at a number that is alarming enough, since counting millions takes long.
     *
     * @param overdueSeconds for how long the one that is due for longest has been; 0 when none is due
     */
    record Backlog(long pending, long givenUp, double overdueSeconds) {}
}
