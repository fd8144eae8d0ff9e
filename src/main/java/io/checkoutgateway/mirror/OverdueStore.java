package io.checkoutgateway.mirror;

import io.checkoutgateway.apps.StripeApp;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The sessions that are kept here and wait for news for too long. */
public interface OverdueStore {
    /**
     * A row that is still open although its time is over, or complete with something left open.
     *
     * @param id our ULID
     * @param account the Stripe account that the session lies in; {@code null} while the app's own is not known
     */
    record Overdue(String id, String stripeSessionId, @Nullable String account) {}

    /**
     * Sessions that leave something open.
     *
     * @param toRead those that are to be read
     * @param taken how many were taken, those that were put off among them
     */
    record OpenEnded(List<Overdue> toRead, int taken) {
        public OpenEnded {
            toRead = List.copyOf(toRead);
        }
    }

    /**
     * Takes open sessions whose time has been over for so long, and that nobody read since. Those in accounts that are
     * disconnected wait until they are connected again.
     *
     * @param rest how long they are not taken again, unless they are {@link #stillOpen}
     */
    Future<List<Overdue>> claimOverdue(StripeApp app, Duration over, Duration rest, int most);

    /**
     * Takes complete sessions that leave something open, as the outcome of their SetupIntent or of a payment that takes
     * days, for the first time half a minute after they became complete. Those in disconnected accounts are put off.
     *
     * @param lease after how long they are taken again unless they {@link #rest}
     */
    Future<OpenEnded> claimOpenEnded(StripeApp app, Duration lease, int most);

    /**
     * One that leaves something open was read: it is taken ever more rarely, for a month after it was made, and not
     * again when nothing is open any more.
     *
     * @param least how long it is not taken again, at the least
     */
    Future<Void> rest(Overdue session, Duration least);

    /**
     * One whose time is over was looked at, and does not end: it is taken ever more rarely, for a month after its end,
     * and not again after that. Does nothing to one that ended.
     */
    Future<Void> stillOpen(Overdue session);

    /** The app's key may not read what this session leaves open: it is not taken again for that. */
    Future<Void> unreadable(Overdue session);

    /** Stripe does not know this session: it is not taken again. */
    Future<Void> lost(Overdue session);
}
