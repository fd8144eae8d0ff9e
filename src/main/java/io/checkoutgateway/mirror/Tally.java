package io.checkoutgateway.mirror;

/**
 * What became of sessions that were looked at.
 *
 * @param added rows made for sessions that nobody here knew
 * @param changed rows that say something new
 * @param unreadable sessions that could not be understood or stored; they are in the log
 * @param missingHere sessions at Stripe without a row; below zero for those that were missing only for a moment, as
 *     the next two
 * @param missingAtStripe rows of sessions that Stripe does not know
 * @param differs rows that say something else than Stripe
 * @param repaired findings that were mended
 */
public record Tally(
        long added,
        long changed,
        long unreadable,
        long missingHere,
        long missingAtStripe,
        long differs,
        long repaired) {
    public static final Tally NOTHING = new Tally(0, 0, 0, 0, 0, 0, 0);

    static final Tally REPAIRED = new Tally(0, 0, 0, 0, 0, 0, 1);

    /** So many sessions that could not be understood or stored. */
    static Tally unreadable(long count) {
        return new Tally(0, 0, count, 0, 0, 0, 0);
    }

    /** What became of one session that a backfill applied. */
    static Tally of(MirrorSessions.Applied applied) {
        return switch (applied) {
            case ADDED -> new Tally(1, 0, 0, 0, 0, 0, 0);
            case CHANGED -> new Tally(0, 1, 0, 0, 0, 0, 0);
            case UNCHANGED, LEFT_ALONE -> NOTHING;
        };
    }

    /** So many findings of a kind. */
    static Tally of(Finding.Kind kind, long count) {
        return switch (kind) {
            case MISSING_HERE -> new Tally(0, 0, 0, count, 0, 0, 0);
            case MISSING_AT_STRIPE -> new Tally(0, 0, 0, 0, count, 0, 0);
            case DIFFERS -> new Tally(0, 0, 0, 0, 0, count, 0);
        };
    }

    /** Differences that are there still. */
    public long different() {
        return missingHere + missingAtStripe + differs - repaired;
    }

    /** Both together. */
    public Tally plus(Tally other) {
        return new Tally(
                added + other.added,
                changed + other.changed,
                unreadable + other.unreadable,
                missingHere + other.missingHere,
                missingAtStripe + other.missingAtStripe,
                differs + other.differs,
                repaired + other.repaired);
    }
}
