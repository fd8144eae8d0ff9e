package io.checkoutgateway.mirror;

import io.checkoutgateway.apps.StripeApp;
import io.checkoutgateway.checkout.Change;
import io.checkoutgateway.checkout.Observation;
import io.checkoutgateway.checkout.StripeCheckout.Snapshot;
import io.checkoutgateway.failure.Failures;
import io.checkoutgateway.failure.UnstorableException;
import io.checkoutgateway.mirror.MirrorSessions.Kept;
import io.checkoutgateway.mirror.MirrorSessions.Known;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Copies a page of Stripe's sessions, in the same order of states as events: nothing newer is overwritten. */
final class Backfill implements Step {
    private static final Logger LOG = LoggerFactory.getLogger(Backfill.class);
    private static final String REASON = "backfill";

    private final StripeHistory history;
    private final MirrorSessions sessions;

    Backfill(StripeHistory history, MirrorSessions sessions) {
        this.history = history;
        this.sessions = sessions;
    }

    /** What was seen of a session by listing or reading it; true before the request was sent. */
    static Observation seen(ListedPage.Entry entry, Instant asOf) {
        return Observation.of(
                new Snapshot(entry.session(), entry.setupIntent(), entry.payment(), asOf),
                Observation.Source.BACKFILL,
                REASON);
    }

    @Override
    public Future<Window.Page> page(StripeApp app, Window window) {
        return history.sessions(app, window.range(), window.after())
                .map(listed -> ListedPage.of(window, listed))
                .compose(page -> sessions.known(
                                app,
                                page.entries().stream()
                                        .map(ListedPage.Entry::session)
                                        .toList())
                        .compose(known -> applyAll(app, page, known))
                        .map(tally -> new Window.Page(page.next(), page.ids().size(), tally, List.of(), List.of())));
    }

    private Future<Tally> applyAll(StripeApp app, ListedPage page, Known known) {
        Future<Tally> sum = Future.succeededFuture(Tally.unreadable(page.unreadable()));
        for (ListedPage.Entry entry : page.entries()) {
            Kept kept = known.rows().get(entry.session().id());
            Observation seen = seen(entry, page.asOf());
            sum = sum.compose(tally -> apply(app, kept, seen).map(tally::plus));
        }
        return sum;
    }

    /** Nothing can come after a final state that both have; what is open is confirmed, since it can still change. */
    private static boolean settled(@Nullable Kept kept, Observation seen) {
        if (kept == null || kept.lacksLineItems()) {
            return false;
        }
        Optional<Change> change = Change.of(kept.session(), seen);
        return change.isEmpty()
                || (kept.session().status().terminal() && change.get().confirms(kept.session()));
    }

    private Future<Tally> apply(StripeApp app, @Nullable Kept kept, Observation seen) {
        return Future.succeededFuture(seen)
                .compose(listed -> settled(kept, listed)
                        ? Future.succeededFuture(Tally.NOTHING)
                        : sessions.apply(app, listed).map(Tally::of))
                .recover(failure -> unreadable(seen, failure));
    }

    /** One that cannot be read or stored must not keep the others from it. */
    private static Future<Tally> unreadable(Observation seen, Throwable failure) {
        if (!UnstorableException.explains(failure)) {
            return Future.failedFuture(failure);
        }
        Failures.note(LOG.atWarn().addKeyValue("stripe_session", String.valueOf(seen.session())), failure)
                .log("a session at Stripe could not be stored");
        return Future.succeededFuture(Tally.unreadable(1));
    }
}
