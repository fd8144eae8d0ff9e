package io.checkoutgateway.mirror;

import io.checkoutgateway.apps.Apps;
import io.checkoutgateway.apps.ConnectedAccountStore;
import io.checkoutgateway.apps.StripeApp;
import io.checkoutgateway.events.EventStore;
import io.checkoutgateway.failure.StripeFailure;
import io.checkoutgateway.failure.StripeFailure.Effect;
import io.checkoutgateway.mirror.CatchUp.Outcome;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;

/**
 * The same for the connected accounts that the apps know of: Stripe lists an account's events in its own name only. An
 * app may have thousands, so they take turns, and the more there are, the longer is each one's pause.
 */
public final class ConnectedCatchUp {
    /** Turns of an app in a round: a few seconds at the background's rate, then others have theirs. */
    static final int TURNS = 25;

    /** An app's accounts take this part of the background's rate in the long run; backfills and readings need it too. */
    static final int SHARE = 4;

    /** Stripe's code for an account that the key has no access to, or none any more. (API reference, "Error codes".) */
    private static final String NO_ACCESS = "account_invalid";

    private final ConnectedAccountStore accounts;
    private final EventSweep sweep;
    private final Apps apps;
    private final Duration interval;
    private final int callsPerSecond;
    private final MirrorMetrics metrics;

    /**
     * @param callsPerSecond the most calls to Stripe that nobody waits for
     * @param bell whom to wake when events were stored
     */
    public ConnectedCatchUp(
            ConnectedAccountStore accounts,
            StripeHistory history,
            CatchUpStore store,
            EventStore events,
            Apps apps,
            Duration interval,
            int callsPerSecond,
            MirrorMetrics metrics,
            Runnable bell) {
        this.accounts = accounts;
        this.sweep = new EventSweep(history, store, events, bell);
        this.apps = apps;
        this.interval = interval;
        this.callsPerSecond = callsPerSecond;
        this.metrics = metrics;
    }

    /** Asks for some of the accounts whose turn it is; {@code more} when there may be further ones. */
    public Future<Outcome> runOnce() {
        return apps.all().compose(found -> Rounds.of(found, this::run)
                .map(outcomes -> outcomes.stream().reduce(Outcome.NOTHING, Outcome::and))
                .compose(outcome -> outcome.more() ? Future.succeededFuture(outcome) : measured(found, outcome)));
    }

    private Future<Outcome> measured(List<StripeApp> found, Outcome outcome) {
        return accounts.standing(found.stream().map(StripeApp::id).toList())
                .onSuccess(metrics::connected)
                .map(outcome);
    }

    private Future<Outcome> run(StripeApp app) {
        return accounts.connected(app.id())
                .compose(count -> count == 0
                        ? Future.succeededFuture(Outcome.NOTHING)
                        : turns(app, pause(interval, count, callsPerSecond), TURNS, Outcome.NOTHING));
    }

    /** Between two turns of an account: most of the interval, or as long as all of them need at their share of the rate. */
    static Duration pause(Duration interval, long accounts, int callsPerSecond) {
        Duration round = Duration.ofSeconds(accounts * SHARE / callsPerSecond);
        Duration least = CatchUp.mostOf(interval);
        return round.compareTo(least) > 0 ? round : least;
    }

    private Future<Outcome> turns(StripeApp app, Duration pause, int left, Outcome sum) {
        if (left == 0) {
            return Future.succeededFuture(sum.and(new Outcome(true, 0, true)));
        }
        return accounts.next(app.id(), pause).compose(next -> next.map(account -> turn(app, account)
                        .compose(outcome -> turns(app, pause, left - 1, sum.and(outcome)))
                        // The others would wait as long as this one did, and end like it.
                        .recover(failure -> failure instanceof StripeFailure
                                ? Future.succeededFuture(sum)
                                : Future.failedFuture(failure)))
                .orElseGet(() -> Future.succeededFuture(sum)));
    }

    private Future<Outcome> turn(StripeApp app, String account) {
        return sweep.run(app.connected(account), Duration.ZERO)
                .recover(failure -> isOfThisAccountOnly(failure)
                        ? Future.succeededFuture(Outcome.NOTHING)
                        : Future.failedFuture(failure))
                .onSuccess(outcome -> metrics.fetched(outcome.found()))
                .compose(outcome -> outcome.more()
                        ? accounts.again(app.id(), account).map(outcome)
                        : Future.succeededFuture(outcome));
    }

    private static boolean isOfThisAccountOnly(Throwable failure) {
        return failure instanceof StripeFailure known && (known.effect() == Effect.REFUSED || isDisconnected(known));
    }

    /** Whether Stripe answered that the key has no access to the account, or none any more. */
    static boolean isDisconnected(Throwable failure) {
        return failure instanceof StripeFailure known && NO_ACCESS.equals(known.stripeCode());
    }
}
