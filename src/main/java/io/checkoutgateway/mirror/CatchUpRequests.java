package io.checkoutgateway.mirror;

import io.checkoutgateway.apps.Apps;
import io.checkoutgateway.apps.StripeApp;
import io.checkoutgateway.audit.Actor;
import io.checkoutgateway.failure.GatewayException;
import io.checkoutgateway.failure.InvalidParameter;
import io.checkoutgateway.failure.Reason;
import io.checkoutgateway.mirror.CatchUpStore.Standing;
import io.vertx.core.Future;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Catching up for people: how it stands, and that all events since a moment are asked for, delivered or not. That is what
 * a database needs that was restored from a backup: what was acknowledged since, Stripe counts as delivered.
 */
public final class CatchUpRequests {
    /** Stripe forgets events after that. (Stripe API reference, "Events".) */
    static final Duration REMEMBERED = Duration.ofDays(30);

    private final CatchUpStore store;
    private final Apps apps;
    private final Clock clock;
    private volatile Runnable bell = () -> {};

    public CatchUpRequests(CatchUpStore store, Apps apps, Clock clock) {
        this.store = store;
        this.apps = apps;
        this.clock = clock;
    }

    /** Whom to wake when there is something to ask for. */
    public void onRequest(Runnable wake) {
        this.bell = wake;
    }

    /** How it stands; fails with {@link Reason#NOT_FOUND} when the namespace has no such app. */
    public Future<Standing> get(String namespace, String appId) {
        return apps.in(namespace, appId).compose(app -> store.standing(app.id()));
    }

    /**
     * Has all events since then asked for. Repeating it does no harm: the inbox knows the events that it has.
     *
     * @param account a connected account; {@code null} for the app's own and all that are connected
     * @return how it stands; fails with {@link Reason#NOT_FOUND} when the namespace has no such app, and with
     *     {@link Reason#INVALID_REQUEST} when the moment is to come or longer ago than Stripe remembers, or the account
     *     is not connected
     */
    public Future<Standing> start(Actor actor, String appId, @Nullable String account, Instant since) {
        return apps.in(actor.namespace(), appId)
                .map(app -> checked(app, since))
                .compose(app -> store.askForAll(actor, app.id(), accountOf(app, account), since))
                .map(CatchUpRequests::known)
                .onSuccess(asked -> bell.run())
                .compose(asked -> store.standing(appId));
    }

    private static boolean known(boolean asked) {
        if (!asked) {
            throw GatewayException.invalid(
                    InvalidParameter.inBody("account", "unknown", "must be an account that is connected to the app"));
        }
        return true;
    }

    /** The app's own account, named by its id, stands for itself alone. */
    private static @Nullable String accountOf(StripeApp app, @Nullable String account) {
        return account != null && account.equals(app.accountId()) ? "" : account;
    }

    private StripeApp checked(StripeApp app, Instant since) {
        Instant now = clock.instant();
        if (since.isAfter(now)) {
            throw invalid("must not be in the future");
        }
        if (since.isBefore(now.minus(REMEMBERED))) {
            throw invalid(
                    "must be within the last 30 days: Stripe has forgotten older events, a backfill reads sessions");
        }
        return app;
    }

    private static GatewayException invalid(String reason) {
        return GatewayException.invalid(InvalidParameter.inBody("since", "range", reason));
    }
}
