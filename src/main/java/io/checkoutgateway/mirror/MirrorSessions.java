package io.checkoutgateway.mirror;

import io.checkoutgateway.apps.StripeApp;
import io.checkoutgateway.audit.Actor;
import io.checkoutgateway.checkout.CheckoutSession;
import io.checkoutgateway.checkout.Observation;
import io.checkoutgateway.checkout.StripeSession;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The sessions that are kept here, as one who compares them with Stripe's sees them. */
public interface MirrorSessions {
    /** What applying a session did. */
    enum Applied {
        ADDED,
        CHANGED,
        UNCHANGED,
        /**
         * A create of ours may have opened it, which is under way or has another session: not for a backfill to settle. Who
         * passes on the metadata of a session of ours opens another service's session, which is kept like all.
         */
        LEFT_ALONE
    }

    /**
     * A row.
     *
     * @param staleColumns columns that do not say what the row's own object says
     * @param lacksLineItems whether it sells something, nobody knows what, and nobody is about to find out
     */
    record Kept(CheckoutSession session, Set<String> staleColumns, boolean lacksLineItems) {
        public Kept {
            staleColumns = Set.copyOf(staleColumns);
        }
    }

    /**
     * What is known here of some sessions of Stripe's.
     *
     * @param rows by Stripe's id
     * @param leftAlone those without a row that belong to a create of ours: see {@link Applied#LEFT_ALONE}
     */
    record Known(Map<String, Kept> rows, Set<String> leftAlone) {
        public Known {
            rows = Map.copyOf(rows);
            leftAlone = Set.copyOf(leftAlone);
        }
    }

    /**
     * Rows whose sessions were not among those listed.
     *
     * @param count of all of them
     * @param some their ids by Stripe's, a bounded number
     */
    record Unlisted(long count, Map<String, String> some) {
        public Unlisted {
            some = Map.copyOf(some);
        }
    }

    Future<Known> known(StripeApp app, List<StripeSession> listed);

    /** The row of this session, and what its columns say. */
    Future<Optional<Kept>> find(StripeApp app, String stripeSessionId);

    /**
     * Applies what was seen of a session in the order of states; makes the row when nobody here knows the session.
     *
     * @return fails with {@link io.checkoutgateway.failure.UnstorableException} when it is the session that cannot be
     *     stored
     */
    Future<Applied> apply(StripeApp app, Observation seen);

    /**
     * The same because somebody asked, which is noted when it changed something.
     *
     * @return the session as it is afterwards; empty when it was {@link Applied#LEFT_ALONE}
     */
    Future<Optional<CheckoutSession>> keep(Actor actor, StripeApp app, Observation seen);

    /**
     * Makes the row say what was seen, whatever it said; false when it has changed since it was compared.
     *
     * @return fails as {@link #apply}
     */
    Future<Boolean> overwrite(Kept compared, Observation seen);

    /** Gives up an open row whose session Stripe does not know; false when it has changed since it was compared. */
    Future<Boolean> giveUp(CheckoutSession compared, Instant at);

    /**
     * Rows of sessions in the app's account, its own or the connected one that it speaks for, created in this stretch
     * of time, without these. Rows of its other accounts are none of them: the account's list does not show them.
     *
     * @param from inclusive
     * @param to exclusive
     */
    Future<Unlisted> unlisted(StripeApp app, Instant from, Instant to, Set<String> listed);
}
