package io.checkoutgateway.followup;

import java.time.Instant;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Something to do at Stripe because of what was learnt. It is written down in the transaction that learnt it, and done
 * afterwards by whichever replica comes first; a wish that is repeated before it was met is met once.
 *
 * @param account the connected account that the subject lies in; {@code null} for the app's own
 * @param subject {@code cs_…}, {@code seti_…}, or the id of a customer's link, as the kind says
 * @param happenedAt when what a reading will find happened, by Stripe's clock: that the payment method was set up, that
 *     the session became complete; {@code null} where no event said so
 * @param background whether nobody waits for it: it is met in what callers leave of Stripe's rate. Line items always are
 */
public record FollowUp(
        Kind kind,
        String appId,
        @Nullable String account,
        String subject,
        @Nullable Instant happenedAt,
        boolean background) {
    /** Keys of calls that set a default begin so; Stripe repeats them in the events that such calls cause. */
    public static final String DEFAULT_KEY_PREFIX = "cgw-default-";

    /**
     * An event that called for it, and reaches its row with it.
     *
     * @param created when it happened, by Stripe's clock
     * @param receivedAt when it was stored, by the store's
     */
    public record Cause(Instant created, Instant receivedAt) {}

    /** What is to be done. */
    public enum Kind {
        /** Read the session {@code cs_…}, whose events leave more than one answer open. */
        READ_SESSION,
        /** Read the SetupIntent {@code seti_…}, whose event was written in another API version. */
        READ_SETUP_INTENT,
        /** Fetch the line items of the session {@code cs_…}. */
        FETCH_LINE_ITEMS,
        /** Tell Stripe the default payment method of a customer's link. */
        SET_DEFAULT_PAYMENT_METHOD;

        /** The word that the table and the metrics use. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** The kind of this word; empty when there is none. */
        public static Optional<Kind> of(String word) {
            return Arrays.stream(values())
                    .filter(kind -> kind.word().equals(word))
                    .findFirst();
        }
    }

    public FollowUp {
        // A backfill wants them by the million, and what is shown meanwhile is not wrong.
        background = background || kind == Kind.FETCH_LINE_ITEMS;
    }

    /** One that somebody may be waiting for. */
    public FollowUp(Kind kind, String appId, @Nullable String account, String subject, @Nullable Instant happenedAt) {
        this(kind, appId, account, subject, happenedAt, false);
    }

    /** One of which no event says when what it will find happened. */
    public FollowUp(Kind kind, String appId, @Nullable String account, String subject) {
        this(kind, appId, account, subject, null);
    }

    /** The same, for nobody who waits. */
    public FollowUp inBackground() {
        return new FollowUp(kind, appId, account, subject, happenedAt, true);
    }
}
