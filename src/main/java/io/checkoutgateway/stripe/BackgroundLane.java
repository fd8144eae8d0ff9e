package io.checkoutgateway.stripe;

import io.checkoutgateway.settings.StripeSettings;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * The lane of work that nobody waits for: few threads of its own, only what callers leave of the rate, and patience
 * instead of refusals.
 */
final class BackgroundLane implements Lane {
    /** How many calls are under way at once: enough to use a small share of the rate when answers take a second. */
    static final int WORKERS = 4;

    /** What may wait for its turn; the rounds that ask are few and ask for little at a time. */
    private static final int WAITING_MAX = 1_000;

    /** How long a call tries in all: a rush of callers passes meanwhile. */
    static final Duration PATIENCE = Duration.ofMinutes(2);

    /** Nobody waits, so a repetition costs nothing; with the back-off this is half a minute. */
    private static final int RETRIES_LEAST = 6;

    private final StripeSettings settings;
    private final RateBudget rate;
    private final Pauses pauses;
    private final WorkerExecutor workers;
    private final Queue<Promise<Void>> waiting = new ArrayDeque<>();
    private int underWay;
    private volatile boolean stopped;

    BackgroundLane(Vertx vertx, StripeSettings settings, RateBudget rate) {
        this.settings = settings;
        this.rate = rate;
        this.pauses = new Pauses(vertx);
        this.workers = StripeCalls.pool(vertx, "stripe-background", WORKERS, settings);
    }

    @Override
    public String name() {
        return "background";
    }

    @Override
    public synchronized boolean hasRoom() {
        return waiting.size() < WAITING_MAX;
    }

    /** From now on what waits is turned away, and nothing is repeated: a stop must not wait for the patient. */
    void stop() {
        stopped = true;
        List<Promise<Void>> turnedAway;
        synchronized (this) {
            turnedAway = List.copyOf(waiting);
            waiting.clear();
        }
        turnedAway.forEach(turn -> turn.fail(StripeFailures.stopping()));
    }

    @Override
    public synchronized Future<Void> enter() {
        if (stopped) {
            return Future.failedFuture(StripeFailures.stopping());
        }
        if (underWay < WORKERS) {
            underWay++;
            return Future.succeededFuture();
        }
        if (!hasRoom()) {
            return Future.failedFuture(StripeFailures.busy());
        }
        Promise<Void> turn = Promise.promise();
        waiting.add(turn);
        return turn.future();
    }

    @Override
    public void leave() {
        Promise<Void> next = nextInLine();
        if (next != null) {
            next.complete();
        }
    }

    private synchronized @Nullable Promise<Void> nextInLine() {
        Promise<Void> next = waiting.poll();
        if (next == null) {
            underWay--;
        }
        return next;
    }

    @Override
    public Future<Void> place(String account, String operation, long nanosLeft) {
        if (stopped) {
            return Future.failedFuture(StripeFailures.stopping());
        }
        long wait = rate.reserveInBackground(account, operation);
        if (wait == 0) {
            return Future.succeededFuture();
        }
        return wait > nanosLeft
                ? Future.failedFuture(StripeFailures.rateLimited(Duration.ofNanos(wait)))
                : pauses.of(Duration.ofNanos(wait)).compose(waited -> place(account, operation, nanosLeft - wait));
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
