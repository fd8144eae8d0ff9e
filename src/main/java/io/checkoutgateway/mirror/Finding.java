package io.checkoutgateway.mirror;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A difference between Stripe and the mirror.
 *
 * @param number its place in lists
 * @param stripeSessionId {@code cs_…}
 * @param sessionId our ULID; {@code null} when the session is missing here
 * @param fields the names of what differs; no values, which may be personal
 */
public record Finding(
        long number,
        String stripeSessionId,
        @Nullable String sessionId,
        Kind kind,
        List<String> fields,
        State state,
        Instant foundAt) {

    /** In which way they differ. */
    public enum Kind {
        /** Stripe has a session that has no row. */
        MISSING_HERE,
        /** A row is about a session that Stripe does not know. */
        MISSING_AT_STRIPE,
        /** Both have it and say different things. */
        DIFFERS;

        /** The word that the table and the contract use. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** What is known of a finding. */
    public enum State {
        /** Seen once; an event that explains it may be on its way. */
        SUSPECTED,
        /** Still so a while later, when both sides were read again. */
        CONFIRMED,
        /** It is no difference any more. */
        REPAIRED,
        /** It cannot be mended: the log says why. */
        LEFT;

        /** The word that the table and the contract use. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** A difference that was just seen. */
    public record Suspect(String stripeSessionId, @Nullable String sessionId, Kind kind, List<String> fields) {
        public Suspect {
            fields = List.copyOf(fields);
        }
    }

    public Finding {
        fields = List.copyOf(fields);
    }
}
