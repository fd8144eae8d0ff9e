package io.checkoutgateway.mirror;

import io.checkoutgateway.apps.Apps;
import io.checkoutgateway.apps.StripeApp;
import io.checkoutgateway.checkout.Observation;
import io.checkoutgateway.checkout.SessionStore;
import io.checkoutgateway.checkout.StripeCheckout;
import io.checkoutgateway.checkout.StripeCheckout.Snapshot;
import io.checkoutgateway.failure.Failures;
import io.checkoutgateway.failure.Reason;
import io.checkoutgateway.failure.StripeFailure;
import io.checkoutgateway.mirror.MirrorMetrics.OverdueRead;
import io.checkoutgateway.mirror.OverdueStore.Overdue;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads sessions whose last event may be lost for good: those that should have ended, and those that are complete while
 * the outcome of their SetupIntent or of their payment is not known.
 */
public final class OverdueSessions {
    private static final Logger LOG = LoggerFactory.getLogger(OverdueSessions.class);
    private static final Observation.Source SOURCE = Observation.Source.RECONCILER;
    private static final String REASON = "overdue";

    /** Stripe's event comes within seconds of the end; this leaves it time. */
    private static final Duration OVER = Duration.ofMinutes(2);

    /** One that Stripe still calls open, or that could not be read, is not asked for again at once: this at the least. */
    private static final Duration REST = Duration.ofMinutes(10);

    /** So that a look takes seconds at the background's rate. */
    private static final int BATCH = 50;

    /** Reads of an app side by side: as many as the background lets it have. */
    private static final int LANES = 3;

    /** So many failures in a row are not the sessions' own: the others would end like them. */
    static final int FAILURES = 3;

    private final OverdueStore sessions;
    private final SessionStore store;
    private final StripeCheckout stripe;
    private final Apps apps;
    private final MirrorMetrics metrics;

    public OverdueSessions(
            OverdueStore sessions, SessionStore store, StripeCheckout stripe, Apps apps, MirrorMetrics metrics) {
        this.sessions = sessions;
        this.store = store;
        this.stripe = stripe;
        this.apps = apps;
        this.metrics = metrics;
    }

    /** Reads some; tells whether there may be more. */
    public Future<Boolean> runOnce() {
        return apps.all().compose(found -> Rounds.of(found, this::run)).map(more -> more.contains(true));
    }

    private Future<Boolean> run(StripeApp app) {
        return sessions.claimOverdue(app, OVER, REST, BATCH).compose(overdue -> new Batch(app, overdue, false)
                .read()
                .compose(toItsEnd -> toItsEnd
                        ? openEnded(app).map(more -> more || overdue.size() == BATCH)
                        : Future.succeededFuture(false)));
    }

    private Future<Boolean> openEnded(StripeApp app) {
        return sessions.claimOpenEnded(app, REST, BATCH)
                .compose(open ->
                        new Batch(app, open.toRead(), true).read().map(toItsEnd -> toItsEnd && open.taken() == BATCH));
    }

    /** What one claim took. Those that are left when it ends early are taken again when their rest is over. */
    private final class Batch {
        private final StripeApp app;
        private final Queue<Overdue> waiting;
        private final boolean openEnded;
        private final AtomicInteger failedInARow = new AtomicInteger();

        Batch(StripeApp app, List<Overdue> taken, boolean openEnded) {
            this.app = app;
            this.waiting = new ConcurrentLinkedQueue<>(taken);
            this.openEnded = openEnded;
        }

        /** Tells whether it came to its end. */
        Future<Boolean> read() {
            List<Future<Void>> lanes =
                    IntStream.range(0, LANES).mapToObj(lane -> next()).toList();
            return Future.join(lanes).map(done -> !isGivenUp());
        }

        private boolean isGivenUp() {
            return failedInARow.get() >= FAILURES;
        }

        private Future<Void> next() {
            Overdue session = isGivenUp() ? null : waiting.poll();
            return session == null ? Future.succeededFuture() : read(session).compose(read -> next());
        }

        private Future<Void> read(Overdue session) {
            return stripe.retrieve(app.connected(session.account()), session.stripeSessionId())
                    .compose(snapshot -> observe(session, snapshot))
                    .onSuccess(observed -> metrics.overdue(OverdueRead.READ))
                    .<Void>mapEmpty()
                    .recover(failure -> StripeFailure.saysMissing(failure, session.stripeSessionId())
                            ? lost(session)
                            : failed(session, failure))
                    .compose(read -> rest(session))
                    .onSuccess(read -> failedInARow.set(0))
                    .recover(failure -> later(session, failure));
        }

        private Future<Void> observe(Overdue session, Snapshot snapshot) {
            return store.observe(session.id(), Observation.of(snapshot, SOURCE, REASON))
                    .compose(observed ->
                            snapshot.lacksPayment() && snapshot.session().isPaid()
                                    ? sessions.unreadable(session)
                                    : Future.succeededFuture());
        }

        /** What fails for a reason of the session's own would fail as soon as it is asked for again: it rests. */
        private Future<Void> failed(Overdue session, Throwable failure) {
            if (!isItsOwn(failure)) {
                return Future.failedFuture(failure);
            }
            note(session, failure);
            return Future.succeededFuture();
        }

        /** That the key has no access to one connected account says nothing of the sessions of others. */
        private Future<Void> later(Overdue session, Throwable failure) {
            note(session, failure);
            if (!StripeFailure.saysNoAccess(failure)) {
                failedInARow.incrementAndGet();
            }
            return Future.succeededFuture();
        }

        private Future<Void> rest(Overdue session) {
            return openEnded ? sessions.rest(session, REST) : sessions.stillOpen(session);
        }
    }

    /** A key that Stripe does not take is nobody's own, and does not pass by itself. */
    private static boolean isItsOwn(Throwable failure) {
        return failure instanceof StripeFailure known
                ? known.reason() == Reason.STRIPE_REFUSED
                : !MirrorWorker.passes(failure);
    }

    /** The row stays as it is: it is a person's to decide what became of it. A drift report names it. */
    private Future<Void> lost(Overdue overdue) {
        LOG.atWarn()
                .addKeyValue("session", overdue.id())
                .addKeyValue("stripe_session", overdue.stripeSessionId())
                .log("Stripe does not know a session that waits for its end; it is not asked for again");
        return sessions.lost(overdue).onSuccess(noted -> metrics.overdue(OverdueRead.LOST));
    }

    private void note(Overdue overdue, Throwable failure) {
        metrics.overdue(OverdueRead.FAILED);
        Failures.note(LOG.atWarn().addKeyValue("session", overdue.id()), failure)
                .log("a session that waits for its end could not be read yet");
    }
}
