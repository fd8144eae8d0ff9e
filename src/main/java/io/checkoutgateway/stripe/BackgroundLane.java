package io.checkoutgateway.stripe;

import io.checkoutgateway.limits.Share;
import io.checkoutgateway.settings.StripeSettings;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The lane of work that nobody waits for: few threads of its own, only what callers leave of the rate, and patience
 * instead of refusals.
 *
 * <p>Each try waits in the line of its account until the rate has a place for it, and takes a worker only then: an
 * account whose callers use up its rate holds nothing that others need.
 */
final class BackgroundLane implements Lane {
    /** How many calls are under way at once: enough to use a small share of the rate when answers take a second. */
    static final int WORKERS = 4;

    /** The last worker is for other accounts: one whose answers never come must not hold them all. */
    static final int WORKERS_OF_ACCOUNT = WORKERS - 1;

    /** What may wait for its turn of one account; the rounds that ask are few and ask for little at a time. */
    private static final int OF_ACCOUNT_MAX = 250;

    /**
     * How long a call tries in all, with its place in the line: a rush of callers passes meanwhile, and who asks holds a
     * lease that must not run out. What failed for its time is asked for again by whoever wanted it.
     */
    static final Duration PATIENCE = Duration.ofMinutes(1);

    /** Nobody waits, so a repetition costs nothing; with the back-off this is half a minute. */
    private static final int RETRIES_LEAST = 6;

    private final StripeSettings settings;
    private final RateBudget rate;
    private final Vertx vertx;
    private final WorkerExecutor workers;
    private final Lines lines = new Lines();
    private final Map<String, Integer> entered = new HashMap<>();
    private Share share = Share.OWN;
    private boolean asleep;
    private volatile boolean stopped;

    BackgroundLane(Vertx vertx, StripeSettings settings, RateBudget rate) {
        this.settings = settings;
        this.rate = rate;
        this.vertx = vertx;
        this.workers = StripeCalls.pool(vertx, "stripe-background", WORKERS, settings);
    }

    /** With whom the rate is shared, from now on. */
    synchronized void share(Share with) {
        share = with;
    }

    @Override
    public String name() {
        return "background";
    }

    /** There is none for one account alone: see {@link #enter}. */
    @Override
    public boolean hasRoom() {
        return !stopped;
    }

    /** From now on what waits is turned away, and nothing is repeated: a stop must not wait for the patient. */
    void stop() {
        stopped = true;
        List<Lines.Turn> turnedAway;
        synchronized (this) {
            turnedAway = lines.takeAll();
        }
        turnedAway.forEach(turn -> turn.place().fail(StripeFailures.stopping()));
    }

    @Override
    public synchronized Future<Void> enter(String account) {
        if (stopped) {
            return Future.failedFuture(StripeFailures.stopping());
        }
        if (entered.getOrDefault(account, 0) >= OF_ACCOUNT_MAX) {
            return Future.failedFuture(StripeFailures.busy());
        }
        entered.merge(account, 1, Integer::sum);
        return Future.succeededFuture();
    }

    @Override
    public synchronized void leave(String account) {
        entered.computeIfPresent(account, (name, count) -> count == 1 ? null : count - 1);
    }

    @Override
    public Future<Void> place(String account, String operation, long nanosLeft) {
        Promise<Void> place = Promise.promise();
        synchronized (this) {
            if (stopped) {
                return Future.failedFuture(StripeFailures.stopping());
            }
            lines.add(new Lines.Turn(account, operation, System.nanoTime() + nanosLeft, place));
        }
        serve();
        return place.future();
    }

    @Override
    public void tried(String account) {
        synchronized (this) {
            lines.ended(account);
        }
        serve();
    }

    /** Gives places to those whose turn it is; promises are kept outside the lock, as they run what waits for them. */
    private void serve() {
        List<Lines.Turn> placed;
        List<Lines.Turn> late;
        synchronized (this) {
            late = lines.takeLate(System.nanoTime());
            placed = new ArrayList<>(lines.take(this::hasPlace));
            if (!lines.isEmpty() && !lines.isFull() && !asleep) {
                asleep = true;
                vertx.setTimer(rate.backgroundPause().toMillis(), fired -> awake());
            }
        }
        late.forEach(turn -> turn.place().fail(StripeFailures.rateLimited(rate.backgroundPause())));
        placed.forEach(turn -> turn.place().complete());
    }

    private void awake() {
        synchronized (this) {
            asleep = false;
        }
        serve();
    }

    /** What all processes share is asked for first: a place of it that is not used now is kept for the next look. */
    private boolean hasPlace(Lines.Turn turn) {
        boolean has = share.hasPlace(turn.account()) && rate.reserveInBackground(turn.account(), turn.operation()) == 0;
        if (has) {
            share.take(turn.account());
        }
        return has;
    }

    @Override
    public WorkerExecutor workers() {
        return workers;
    }

    @Override
    public Duration deadline() {
        return settings.deadline().compareTo(PATIENCE) > 0 ? settings.deadline() : PATIENCE;
    }

    @Override
    public int retries() {
        return stopped ? 0 : Math.max(settings.retries(), RETRIES_LEAST);
    }
}
