package io.checkoutgateway.stripe;

import io.checkoutgateway.settings.StripeSettings;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/** The lane of callers who wait: a bounded number is taken in, the next one is refused at once. */
final class CallerLane implements Lane {
    /** Waiting longer for a place in the rate than this costs a caller more than being told to come back. */
    private static final Duration RATE_WAIT_MOST = Duration.ofSeconds(5);

    private final StripeSettings settings;
    private final RateBudget rate;
    private final Pauses pauses;
    private final WorkerExecutor workers;
    private final AtomicInteger underWay = new AtomicInteger();

    CallerLane(Vertx vertx, StripeSettings settings, RateBudget rate) {
        this.settings = settings;
        this.rate = rate;
        this.pauses = new Pauses(vertx);
        this.workers = StripeCalls.pool(vertx, "stripe", settings.workers(), settings);
    }

    int underWay() {
        return underWay.get();
    }

    @Override
    public String name() {
        return "caller";
    }

    @Override
    public boolean hasRoom() {
        return underWay.get() < settings.workers() + settings.queue();
    }

    @Override
    public Future<Void> enter(String account) {
        if (underWay.incrementAndGet() > settings.workers() + settings.queue()) {
            underWay.decrementAndGet();
            return Future.failedFuture(StripeFailures.busy());
        }
        return Future.succeededFuture();
    }

    @Override
    public void leave(String account) {
        underWay.decrementAndGet();
    }

    @Override
    public Future<Void> place(String account, String operation, long nanosLeft) {
        long most = Math.min(RATE_WAIT_MOST.toNanos(), nanosLeft);
        long wait = rate.reserve(account, operation, most);
        return wait > most
                ? Future.failedFuture(StripeFailures.rateLimited(Duration.ofNanos(wait)))
                : pauses.of(Duration.ofNanos(wait));
    }

    /** The pool has a queue of its own, and a caller who waits keeps the place that he was promised. */
    @Override
    public void tried(String account) {}

    @Override
    public WorkerExecutor workers() {
        return workers;
    }

    @Override
    public Duration deadline() {
        return settings.deadline();
    }

    @Override
    public int retries() {
        return settings.retries();
    }
}
