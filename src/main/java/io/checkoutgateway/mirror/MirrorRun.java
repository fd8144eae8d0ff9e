package io.checkoutgateway.mirror;

import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A walk over all sessions of a Stripe account.
 *
 * @param number its place in lists
 * @param account the connected account; {@code null} for the app's own
 * @param repair whether differences that a report finds are mended
 * @param failure why it failed; only with {@link State#FAILED}
 * @param waiting why its next page waits; {@code null} while it goes on, and once it is over
 * @param from the earliest creation at Stripe; {@code null} until the account's beginning is known
 * @param to the latest creation at Stripe, exclusive
 * @param finishedAt {@code null} while it runs
 */
public record MirrorRun(
        String id,
        long number,
        String namespace,
        String appId,
        @Nullable String account,
        Kind kind,
        boolean repair,
        State state,
        @Nullable String failure,
        @Nullable String waiting,
        @Nullable Instant from,
        Instant to,
        Instant createdAt,
        @Nullable Instant finishedAt,
        Progress progress) {

    /** What the walk is for. */
    public enum Kind {
        /** Every session at Stripe gets a row that says the same. */
        BACKFILL,
        /** Rows and sessions at Stripe are compared. */
        DRIFT_REPORT;

        /** The word that the table and the metrics use. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** How far a run has come. */
    public enum State {
        RUNNING,
        /** Everything was looked at. */
        COMPLETED,
        /** It gave up before everything was looked at. */
        FAILED,
        /** Someone called it off. */
        CANCELED;

        /** The word that the table and the metrics use. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * What a run has done so far.
     *
     * @param windows into how many parts the time was split; 0 until it was
     * @param windowsDone how many of them are done
     * @param seen sessions that Stripe listed
     * @param tally what became of them
     */
    public record Progress(int windows, int windowsDone, long pages, long seen, Tally tally) {}

    /** Whether it is still worked at. */
    public boolean running() {
        return state == State.RUNNING;
    }
}
