package io.checkoutgateway.store;

import io.checkoutgateway.checkout.CheckoutStatus;
import io.checkoutgateway.checkout.StripeSession;
import io.vertx.sqlclient.Row;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * A row of ours that the metadata of a session name which no row holds. The session may be an attempt of that row's
 * create. It may as well be another service's, which passed on the metadata of the session of ours that it heard of.
 *
 * @param stripeSessionId the session that the row holds; {@code null} while it holds none
 * @param endedAt when that one came to its end; {@code null} while it has not
 */
record NamedRow(String id, CheckoutStatus status, @Nullable String stripeSessionId, @Nullable Instant endedAt) {
    /** What {@link #of} reads. */
    static final String COLUMNS =
            """
            id, status, stripe_session_id,
            CASE status WHEN 'complete' THEN coalesce(completed_at, stripe_as_of)
                        WHEN 'expired' THEN least(stripe_as_of, expires_at) END AS ended_at
            """;

    static NamedRow of(Row row) {
        return new NamedRow(
                row.getString("id"),
                CheckoutStatus.of(row.getString("status")),
                row.getString("stripe_session_id"),
                Rows.instant(row, "ended_at"));
    }

    /**
     * Whether the row's create can have opened this session: creates open set-ups. One that the row does not hold is a
     * double, whose link nobody was given: nobody completes it, and it was there before the row's own session ended, since
     * a create ends before its session does. Stripe's times are whole seconds.
     */
    boolean mayHaveOpened(StripeSession session) {
        if (session.sells()) {
            return false;
        }
        return stripeSessionId == null
                || (session.status() != CheckoutStatus.COMPLETE
                        && (endedAt == null || session.created().isBefore(endedAt.truncatedTo(ChronoUnit.SECONDS))));
    }

    /** Whether the row has nothing to do with this session of its create: it holds another, or was given up. */
    boolean hasOvertaken(StripeSession session) {
        return stripeSessionId != null || (isEnded(session) && status == CheckoutStatus.FAILED);
    }

    /** An expired session may be a double that was ended, and a create under way must not be left with it. */
    boolean isUndecidedAbout(StripeSession session) {
        return !hasOvertaken(session) && isEnded(session);
    }

    private static boolean isEnded(StripeSession session) {
        return session.status() == CheckoutStatus.EXPIRED;
    }
}
