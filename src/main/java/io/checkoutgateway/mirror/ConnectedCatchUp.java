package io.checkoutgateway.mirror;

import io.checkoutgateway.apps.Apps;
import io.checkoutgateway.apps.ConnectedAccountStore;
import io.checkoutgateway.apps.ConnectedAccountStore.Turn;
import io.checkoutgateway.apps.StripeApp;
import io.checkoutgateway.events.EventStore;
import io.checkoutgateway.failure.Failures;
import io.checkoutgateway.failure.StripeFailure;
import io.checkoutgateway.failure.StripeFailure.Effect;
import io.checkoutgateway.mirror.CatchUp.Outcome;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fetches the events that Stripe could not deliver of the connected accounts that the apps know of, and puts them into
 * the inbox: Stripe lists an account's events in its own name only. An app may have thousands, so they take turns, and
 * the more there are, the longer is each one's pause. One that has disconnected is asked for ever more rarely.
 */
public final class ConnectedCatchUp {
    private static final Logger LOG = LoggerFactory.getLogger(ConnectedCatchUp.class);

    /** Turns of an app in a round: a few seconds at the background's rate, then others have theirs. */
    static final int TURNS = 25;

    /** An app's accounts take this part of the background's rate in the long run; backfills and readings need it too. */
    static final int SHARE = 4;

    /** So many failures in a row are not the accounts' own: the others would wait as long, and end like them. */
    static final int FAILURES = 3;

    /** For an account whose turn failed, or which another process was asking for: the next round has it again. */
    static final Duration SOON = Duration.ofMinutes(1);

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
        this.sweep = new EventSweep(history, store, events, metrics, bell);
        this.apps = apps;
        this.interval = interval;
        this.callsPerSecond = callsPerSecond;
        this.metrics = metrics;
    }

    /** Asks for some of the accounts whose turn it is; {@code more} when there may be further ones. */
    public Future<Outcome> runOnce() {
        return apps.all().compose(found -> Rounds.of(found, this::run)
                .map(outcomes -> outcomes.stream().reduce(Outcome.NOTHING, Outcome::and))
                .compose(outcome -> measure(found).map(outcome)));
    }

    /** The same for one app's accounts. */
    public Future<Outcome> runOnce(StripeApp app) {
        return run(app);
    }

    /** What the numbers cost is not worth a round. */
    private Future<Void> measure(List<StripeApp> found) {
        return accounts.standing(found.stream().map(StripeApp::id).toList())
                .onSuccess(metrics::connected)
                .<Void>mapEmpty()
                .recover(failure -> {
                    Failures.note(LOG.atWarn(), failure).log("connected accounts could not be counted");
                    return Future.succeededFuture();
                });
    }

    private Future<Outcome> run(StripeApp app) {
        return accounts.connected(app.id())
                .compose(count -> turns(app, pause(interval, count, callsPerSecond), TURNS, 0, Outcome.NOTHING));
    }

    /** Between two turns of an account: most of the interval, or as long as all of them need at their share of the rate. */
    static Duration pause(Duration interval, long accounts, int callsPerSecond) {
        Duration round = Duration.ofSeconds(accounts * SHARE / callsPerSecond);
        Duration least = CatchUp.mostOf(interval);
        return round.compareTo(least) > 0 ? round : least;
    }

    /** @param failed turns in a row */
    private Future<Outcome> turns(StripeApp app, Duration pause, int left, int failed, Outcome sum) {
        if (left == 0 || failed == FAILURES) {
            return Future.succeededFuture(failed == FAILURES ? sum : sum.and(new Outcome(true, 0, true)));
        }
        return accounts.next(app.id(), EventSweep.LEASE).compose(next -> next.map(turn -> turn(app, turn, pause)
                        .compose(
                                outcome -> turns(app, pause, left - 1, 0, sum.and(outcome)),
                                failure -> failure instanceof StripeFailure
                                        ? turns(app, pause, left - 1, failed + 1, sum)
                                        : Future.failedFuture(failure)))
                .orElseGet(() -> Future.succeededFuture(sum)));
    }

    private Future<Outcome> turn(StripeApp app, Turn turn, Duration pause) {
        return sweep.run(app.connected(turn.account()), Duration.ZERO)
                .compose(
                        outcome -> asked(app, turn, outcome)
                                .compose(noted -> accounts.rest(app.id(), turn, pauseAfter(outcome, pause)))
                                .map(outcome),
                        failure -> isOfThisAccountOnly(failure)
                                ? accounts.rest(app.id(), turn, pause).map(Outcome.NOTHING)
                                : accounts.rest(app.id(), turn, SOON)
                                        .transform(rested -> Future.failedFuture(failure)));
    }

    /** Stripe answered for it, so it is connected, perhaps again. */
    private Future<Void> asked(StripeApp app, Turn turn, Outcome outcome) {
        metrics.fetched(outcome.found());
        return outcome.looked() ? accounts.answered(app.id(), turn.account(), turn.since()) : Future.succeededFuture();
    }

    private static Duration pauseAfter(Outcome outcome, Duration pause) {
        if (outcome.more()) {
            return Duration.ZERO;
        }
        return outcome.looked() ? pause : SOON;
    }

    private static boolean isOfThisAccountOnly(Throwable failure) {
        return failure instanceof StripeFailure known && (known.effect() == Effect.REFUSED || known.saysNoAccess());
    }
}
