package io.checkoutgateway.stripe;

import com.stripe.exception.StripeException;
import io.checkoutgateway.failure.StripeFailure;
import io.checkoutgateway.settings.StripeSettings;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The one place that waits. Blocking calls run on a pool of their own, never more than its size at once and never in
 * order behind each other; a bounded number waits, the next one is refused at once. Waits between tries hold no
 * thread.
 */
public final class StripeCalls {
    private static final Duration BACKOFF_LEAST = Duration.ofMillis(500);
    private static final Duration BACKOFF_MOST = Duration.ofSeconds(5);

    /** Waiting longer for a place in the rate than this costs a caller more than being told to come back. */
    private static final Duration RATE_WAIT_MOST = Duration.ofSeconds(5);

    /** A blocking call. It may be made several times, always with the same meaning. */
    @FunctionalInterface
    interface Call<T> {
        /** Makes the call; gives up after this many milliseconds without an answer. */
        T make(int readTimeoutMillis) throws StripeException;
    }

    private final Vertx vertx;
    private final StripeSettings settings;
    private final StripeTransport transport;
    private final RateBudget rate;
    private final MeterRegistry metrics;
    private final WorkerExecutor workers;
    private final AtomicInteger underWay = new AtomicInteger();

    public StripeCalls(Vertx vertx, StripeSettings settings, MeterRegistry metrics) {
        this.vertx = vertx;
        this.settings = settings;
        this.transport = new StripeTransport(settings.connectTimeout());
        this.rate = new RateBudget(settings.requestsPerSecond(), settings.createsPerSecond());
        this.metrics = metrics;
        // Vert.x warns about a worker that is busy for longer than a try may take by design.
        this.workers = vertx.createSharedWorkerExecutor(
                "stripe",
                settings.workers(),
                settings.connectTimeout()
                        .plus(settings.readTimeout())
                        .plusSeconds(5)
                        .toMillis(),
                TimeUnit.MILLISECONDS);
        Gauge.builder("gateway.stripe.calls.under.way", underWay, AtomicInteger::get)
                .description("Stripe calls that hold or await a worker")
                .register(metrics);
    }

    StripeTransport transport() {
        return transport;
    }

    /** Whether a call made now would be taken. */
    boolean hasRoom() {
        return underWay.get() < settings.workers() + settings.queue();
    }

    /**
     * Makes the call, and makes it again while that may help and the deadline allows.
     *
     * @param account whose rate it counts against
     * @param operation the kind of call, such as {@code POST /v1/checkout/sessions}
     * @return fails with a {@link StripeFailure}
     */
    <T> Future<T> run(String account, String operation, Call<T> call) {
        if (underWay.incrementAndGet() > settings.workers() + settings.queue()) {
            underWay.decrementAndGet();
            return Future.failedFuture(StripeFailures.busy());
        }
        Timer.Sample started = Timer.start(metrics);
        Tries<T> tries = new Tries<>(account, operation, call);
        return tries.next()
                .onComplete(done -> underWay.decrementAndGet())
                .timeout(settings.deadline().toMillis(), TimeUnit.MILLISECONDS)
                .recover(failure -> Future.failedFuture(
                        failure instanceof TimeoutException ? StripeFailures.late(tries.mayHaveActed) : failure))
                .onComplete(done -> started.stop(metrics.timer(
                        "gateway.stripe.call", "operation", operation, "outcome", outcomeOf(done.cause()))));
    }

    private static String outcomeOf(@Nullable Throwable failure) {
        if (failure == null) {
            return "ok";
        }
        return failure instanceof StripeFailure known ? known.reason().code() : "internal";
    }

    /** Ends the pool once the calls under way are done. */
    public Future<Void> close() {
        return workers.close();
    }

    /** The tries of one call. */
    private final class Tries<T> {
        private final String account;
        private final String operation;
        private final Call<T> call;
        private final long deadlineNanos =
                System.nanoTime() + settings.deadline().toNanos();

        /** Whether a try is under way or ended without saying that nothing happened. */
        private volatile boolean mayHaveActed;

        private int made;

        Tries(String account, String operation, Call<T> call) {
            this.account = account;
            this.operation = operation;
            this.call = call;
        }

        Future<T> next() {
            long most = Math.min(RATE_WAIT_MOST.toNanos(), nanosLeft());
            long wait = rate.reserve(account, operation, most);
            if (wait > most) {
                return Future.failedFuture(StripeFailures.rateLimited(Duration.ofNanos(wait)));
            }
            return pause(Duration.ofNanos(wait))
                    .compose(waited -> workers.executeBlocking(this::makeOnce, false))
                    .recover(this::again);
        }

        private T makeOnce() throws StripeFailures.JudgedException {
            boolean earlierTry = mayHaveActed;
            // Before the look at the time: else the deadline could pass in between and call this try unsent.
            mayHaveActed = true;
            long millisLeft = TimeUnit.NANOSECONDS.toMillis(nanosLeft());
            if (millisLeft <= 0) {
                mayHaveActed = earlierTry;
                throw new StripeFailures.JudgedException(StripeFailures.late(earlierTry), false);
            }
            try {
                return call.make((int) Math.min(settings.readTimeout().toMillis(), millisLeft));
            } catch (StripeException | RuntimeException e) {
                StripeFailures.JudgedException judged = StripeFailures.judge(e, transport.lastAdvice());
                mayHaveActed = earlierTry || judged.failure().effect() == StripeFailure.Effect.UNKNOWN;
                throw judged.after(earlierTry);
            }
        }

        private Future<T> again(Throwable failure) {
            if (!(failure instanceof StripeFailures.JudgedException judged)) {
                return Future.failedFuture(failure);
            }
            Duration backoff = backoff(made);
            if (!judged.repeat() || made++ >= settings.retries() || backoff.toNanos() > nanosLeft()) {
                return Future.failedFuture(judged.failure());
            }
            return pause(backoff).compose(waited -> next());
        }

        private long nanosLeft() {
            return deadlineNanos - System.nanoTime();
        }
    }

    private Future<Void> pause(Duration duration) {
        return duration.toMillis() <= 0
                ? Future.succeededFuture()
                : Future.future(promise -> vertx.setTimer(duration.toMillis(), fired -> promise.complete()));
    }

    /** Doubles from half a second to five, less up to a quarter, so that callers who failed together part. */
    private static Duration backoff(int triesMade) {
        long full = Math.min(BACKOFF_MOST.toMillis(), BACKOFF_LEAST.toMillis() << Math.min(triesMade, 10));
        double jitter = 0.75 + 0.25 * ThreadLocalRandom.current().nextDouble();
        return Duration.ofMillis((long) (full * jitter));
    }
}
