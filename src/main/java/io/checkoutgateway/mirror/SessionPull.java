package io.checkoutgateway.mirror;

import io.checkoutgateway.apps.StripeApp;
import io.checkoutgateway.audit.Actor;
import io.checkoutgateway.checkout.CheckoutSession;
import io.checkoutgateway.checkout.Observation;
import io.checkoutgateway.checkout.StripeCheckout;
import io.checkoutgateway.failure.GatewayException;
import io.checkoutgateway.failure.Reason;
import io.checkoutgateway.failure.StripeFailure;
import io.checkoutgateway.mirror.MirrorSessions.Kept;
import io.vertx.core.Future;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads one session by Stripe's id, whether it is known here or not, and keeps it as a backfill would. */
public final class SessionPull {
    private static final Observation.Source SOURCE = Observation.Source.REFRESH;
    private static final String REASON = "pull";

    private final Mirror mirror;
    private final MirrorSessions sessions;
    private final StripeCheckout stripe;

    /** @param stripe reads in the name of callers, at their rate */
    public SessionPull(Mirror mirror, MirrorSessions sessions, StripeCheckout stripe) {
        this.mirror = mirror;
        this.sessions = sessions;
        this.stripe = stripe;
    }

    /**
     * Which session is wanted.
     *
     * @param appId at whose account; {@code null} for the namespace's default app
     * @param account a connected account of the app's; {@code null} for its own
     */
    public record Wish(String stripeSessionId, @Nullable String appId, @Nullable String account) {}

    /**
     * Reads and keeps it.
     *
     * @return the session as it is afterwards; fails with {@link Reason#NOT_FOUND} when the namespace has no such app or
     *     Stripe no such session, with {@link Reason#CONFLICT} when the session belongs to a create of ours that is under
     *     way or has another session, or as Stripe does
     */
    public Future<CheckoutSession> pull(Actor actor, Wish wish) {
        return mirror.app(actor.namespace(), wish.appId())
                .map(app -> app.connected(wish.account()))
                .compose(app -> read(app, wish.stripeSessionId())
                        .compose(seen -> sessions.keep(actor, app, seen))
                        .map(kept -> kept.orElseThrow(() -> new GatewayException(
                                Reason.CONFLICT,
                                "The session belongs to a create that is under way, or that has another session"))));
    }

    private Future<Observation> read(StripeApp app, String stripeSessionId) {
        return sessions.find(app, stripeSessionId).compose(known -> stripe.retrieve(app, stripeSessionId)
                .recover(failure -> orNotFound(stripeSessionId, failure))
                .map(seen -> observation(known.map(Kept::session), seen)));
    }

    private static Observation observation(Optional<CheckoutSession> known, StripeCheckout.Snapshot seen) {
        return known.map(session -> Observation.reading(session, seen, SOURCE, REASON))
                .orElseGet(() -> Observation.of(seen, SOURCE, REASON));
    }

    private static Future<StripeCheckout.Snapshot> orNotFound(String stripeSessionId, Throwable failure) {
        return Future.failedFuture(
                StripeFailure.saysMissing(failure, stripeSessionId)
                        ? new GatewayException(Reason.NOT_FOUND, String.valueOf(failure.getMessage()), failure)
                        : failure);
    }
}
