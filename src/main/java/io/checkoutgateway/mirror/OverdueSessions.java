package io.checkoutgateway.mirror;

import io.checkoutgateway.apps.Apps;
import io.checkoutgateway.apps.StripeApp;
import io.checkoutgateway.checkout.Observation;
import io.checkoutgateway.checkout.SessionStore;
import io.checkoutgateway.checkout.StripeCheckout;
import io.checkoutgateway.mirror.MirrorMetrics.OverdueRead;
import io.checkoutgateway.mirror.MirrorSessions.Overdue;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
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

    /** One that Stripe still calls open is not asked for again at once. */
    private static final Duration REST = Duration.ofMinutes(10);

    /** So that a look takes seconds at the background's rate. */
    private static final int BATCH = 50;

    private final MirrorSessions sessions;
    private final SessionStore store;
    private final StripeCheckout stripe;
    private final Apps apps;
    private final MirrorMetrics metrics;

    public OverdueSessions(
            MirrorSessions sessions, SessionStore store, StripeCheckout stripe, Apps apps, MirrorMetrics metrics) {
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
        return sessions.claimOverdue(app, OVER, REST, BATCH)
                .compose(overdue -> readAll(app, overdue).map(overdue.size() == BATCH))
                .compose(more -> sessions.claimOpenEnded(app, REST, BATCH)
                        .compose(open -> readAll(app, open.toRead()).map(more || open.taken() == BATCH)));
    }

    private Future<Void> readAll(StripeApp app, List<Overdue> overdue) {
        List<Future<Void>> reads =
                overdue.stream().map(session -> read(app, session)).toList();
        return Future.join(reads).mapEmpty();
    }

    private Future<Void> read(StripeApp app, Overdue overdue) {
        return stripe.retrieve(app.connected(overdue.account()), overdue.stripeSessionId())
                .compose(snapshot -> store.observe(overdue.id(), Observation.of(snapshot, SOURCE, REASON))
                        .compose(observed ->
                                snapshot.lacksPayment() && snapshot.session().isPaid()
                                        ? sessions.unreadable(overdue)
                                        : Future.succeededFuture()))
                .onSuccess(observed -> metrics.overdue(OverdueRead.READ))
                .<Void>mapEmpty()
                .recover(failure -> SecondLook.isUnknown(failure) ? lost(overdue) : later(overdue, failure));
    }

    /** The row stays as it is: it is a person's to decide what became of it. A drift report names it. */
    private Future<Void> lost(Overdue overdue) {
        LOG.atWarn()
                .addKeyValue("session", overdue.id())
                .addKeyValue("stripe_session", overdue.stripeSessionId())
                .log("Stripe does not know a session that waits for its end; it is not asked for again");
        return sessions.lost(overdue).onSuccess(noted -> metrics.overdue(OverdueRead.LOST));
    }

    private Future<Void> later(Overdue overdue, Throwable failure) {
        metrics.overdue(OverdueRead.FAILED);
        LOG.atWarn()
                .addKeyValue("session", overdue.id())
                .addKeyValue("reason", String.valueOf(failure.getMessage()))
                .log("a session that waits for its end could not be read yet");
        return Future.succeededFuture();
    }
}
