package io.checkoutgateway.mirror;

import io.checkoutgateway.mirror.Finding.State;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A part of a run that this process works at for a moment.
 *
 * @param lease fences off those who worked at it before
 * @param attempt the how manieth since the last page that was done; 1 for the first
 * @param failures how many of them failed for a reason that does not pass by itself
 * @param place where to go on; {@code null} at the beginning
 */
public record Window(
        MirrorRun.Kind kind,
        String runId,
        int number,
        Part part,
        boolean repair,
        String appId,
        @Nullable String account,
        Range range,
        long lease,
        int attempt,
        int failures,
        @Nullable Place place) {

    /** The last session or finding that was done; {@code null} at the beginning. */
    @Nullable
    String after() {
        return place == null ? null : place.id();
    }

    /** What there is to do in it. */
    public enum Part {
        /** Find out when the account began, and split the time since. */
        PLAN,
        /** Look at Stripe's sessions of a stretch of time. */
        SESSIONS,
        /** Look again at what was found. */
        FINDINGS
    }

    /** A stretch of time; {@code null} for no beginning. */
    public record Range(@Nullable Instant from, Instant to) {}

    /**
     * Where the last page ended.
     *
     * @param id the last session, or the last finding's number
     * @param second when that session was created
     * @param idsOfSecond the sessions of that second that were done: more may follow
     */
    public record Place(String id, @Nullable Instant second, List<String> idsOfSecond) {
        public Place {
            idsOfSecond = List.copyOf(idsOfSecond);
        }
    }

    /**
     * What a page brought.
     *
     * @param next where to go on; {@code null} when the window is done
     * @param seen sessions that Stripe listed
     * @param suspects differences to write down
     * @param verdicts what is known of earlier findings now
     */
    public record Page(
            @Nullable Place next, long seen, Tally tally, List<Finding.Suspect> suspects, List<Verdict> verdicts) {
        public Page {
            suspects = List.copyOf(suspects);
            verdicts = List.copyOf(verdicts);
        }
    }

    /**
     * What became of a finding that was looked at again.
     *
     * @param state {@code null}: it was no difference, and is forgotten
     * @param kind as it is now
     */
    public record Verdict(
            long finding, @Nullable State state, Finding.Kind kind, @Nullable String sessionId, List<String> fields) {
        public Verdict {
            fields = List.copyOf(fields);
        }
    }
}
