package io.checkoutgateway.stripe;

import com.stripe.exception.AuthenticationException;
import com.stripe.exception.PermissionException;
import com.stripe.exception.StripeException;
import io.checkoutgateway.apps.StripeApp;
import io.checkoutgateway.failure.StripeFailure;
import io.checkoutgateway.limits.Share;
import io.checkoutgateway.settings.StripeSettings;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The one place that waits. Blocking calls run on a pool of their own, never more than its size at once and never in
 * order behind each other; a bounded number waits, the next one is refused at once. Waits between tries hold no
 * thread. Work that nobody waits for goes through {@link #background()} and cannot be in a caller's way.
 */
public final class StripeCalls {
    private static final Duration BACKOFF_LEAST = Duration.ofMillis(500);
    private static final Duration BACKOFF_MOST = Duration.ofSeconds(5);

    /** A blocking call. It may be made several times, always with the same meaning. */
    @FunctionalInterface
    interface Call<T> {
        /** Makes the call; gives up after this many milliseconds without an answer. */
        T make(int readTimeoutMillis) throws StripeException;
    }

    /** Hears of calls in a connected account's name that Stripe refused. */
    @FunctionalInterface
    public interface RefusedAccountListener {
        /**
         * The app's key has no access to the account.
         *
         * @param asOf just before the call was made, by this machine's clock
         */
        void refused(String app, String account, Instant asOf);
    }

    /** Who is told, and who is asked first, for all views alike. */
    private static final class Refusals {
        private volatile Function<String, Optional<StripeFailure>> ofTheGateway = app -> Optional.empty();
        private volatile Consumer<String> ofKeys = app -> {};
        private volatile RefusedAccountListener ofAccounts = (app, account, asOf) -> {};
    }

    private final StripeTransport transport;
    private final Pauses pauses;
    private final StripeSettings settings;
    private final MeterRegistry metrics;
    private final Refusals refusals;
    private final ReadAlong along;
    private final Lane callers;
    private final BackgroundLane background;

    /** The lane of the calls made through this view. */
    private final Lane lane;

    public StripeCalls(Vertx vertx, StripeSettings settings, MeterRegistry metrics) {
        RateBudget rate = new RateBudget(
                settings.requestsPerSecond(), settings.createsPerSecond(), settings.backgroundPerSecond());
        CallerLane waiting = new CallerLane(vertx, settings, rate);
        this.transport = new StripeTransport(settings.connectTimeout());
        this.pauses = new Pauses(vertx);
        this.settings = settings;
        this.metrics = metrics;
        this.refusals = new Refusals();
        this.along = new ReadAlong(Clock.systemUTC());
        this.callers = waiting;
        this.background = new BackgroundLane(vertx, settings, rate);
        this.lane = waiting;
        Gauge.builder("gateway.stripe.calls.under.way", waiting, CallerLane::underWay)
                .description("Stripe calls that hold or await a worker")
                .register(metrics);
    }

    private StripeCalls(StripeCalls calls, Lane lane) {
        this.transport = calls.transport;
        this.pauses = calls.pauses;
        this.settings = calls.settings;
        this.metrics = calls.metrics;
        this.refusals = calls.refusals;
        this.along = calls.along;
        this.callers = calls.callers;
        this.background = calls.background;
        this.lane = lane;
    }

    /** The same way to Stripe for work that nobody waits for: it takes what callers leave, and waits for it. */
    public StripeCalls background() {
        return new StripeCalls(this, background);
    }

    /** With which other processes the background shares its rate, from now on; it has its own until then. */
    public void shareBackground(Share share) {
        background.share(share);
    }

    /** Whom to ask, before each call with an app's key, why that key must not be used. */
    public void onlyUnless(Function<String, Optional<StripeFailure>> objection) {
        refusals.ofTheGateway = objection;
    }

    /** Whom to tell whose key Stripe did not take; told on any thread, once for each such call. */
    public void onRefusedKey(Consumer<String> listener) {
        refusals.ofKeys = listener;
    }

    /** Whom to tell of which app's key has no access to a connected account; told on any thread, once for each call. */
    public void onRefusedAccount(RefusedAccountListener listener) {
        refusals.ofAccounts = listener;
    }

    /** Turns away, from now on, what nobody waits for; called when the process is being stopped. */
    public void stopBackground() {
        background.stop();
    }

    /** Vert.x warns about a worker that is busy for longer than a try may take by design. */
    static WorkerExecutor pool(Vertx vertx, String name, int size, StripeSettings settings) {
        return vertx.createSharedWorkerExecutor(
                name,
                size,
                settings.connectTimeout()
                        .plus(settings.readTimeout())
                        .plusSeconds(5)
                        .toMillis(),
                TimeUnit.MILLISECONDS);
    }

    StripeTransport transport() {
        return transport;
    }

    /** What keys may read along with sessions: learnt by one call, known to all of the process. */
    ReadAlong along() {
        return along;
    }

    /** Whether a call made now would be taken. */
    boolean hasRoom() {
        return lane.hasRoom();
    }

    /**
     * Makes the call, and makes it again while that may help and the deadline allows.
     *
     * @param app whose key it is made with; it counts against the rate of that key's account
     * @param operation the kind of call, such as {@code POST /v1/checkout/sessions}
     * @return fails with a {@link StripeFailure}
     */
    <T> Future<T> run(StripeApp app, String operation, Call<T> call) {
        return run(app, operation, true, call);
    }

    /** The same for what a restricted key can do without: that it lacks the permission is told to nobody. */
    <T> Future<T> tryFor(StripeApp app, String operation, Call<T> call) {
        return run(app, operation, false, call);
    }

    private <T> Future<T> run(StripeApp app, String operation, boolean needed, Call<T> call) {
        return refusals.ofTheGateway
                .apply(app.id())
                .map(Future::<T>failedFuture)
                .orElseGet(() -> run(app.id(), app.rateKey(), operation, needed, call));
    }

    /** The same with a key that is no app's, and against a rate of its own. */
    <T> Future<T> run(String whose, String operation, Call<T> call) {
        return run(whose, whose, operation, true, call);
    }

    private <T> Future<T> run(String app, String account, String operation, boolean needed, Call<T> call) {
        return lane.enter(account).compose(entered -> {
            Timer.Sample started = Timer.start(metrics);
            Tries<T> tries = new Tries<>(app, account, operation, needed, call);
            return tries.next()
                    .onComplete(done -> lane.leave(account))
                    .timeout(lane.deadline().toMillis(), TimeUnit.MILLISECONDS)
                    .recover(failure -> Future.failedFuture(
                            failure instanceof TimeoutException ? StripeFailures.late(tries.mayHaveActed) : failure))
                    .onComplete(done -> started.stop(timer(operation, done.cause())));
        });
    }

    private Timer timer(String operation, @Nullable Throwable failure) {
        return metrics.timer(
                "gateway.stripe.call", "operation", operation, "outcome", outcomeOf(failure), "lane", lane.name());
    }

    private static String outcomeOf(@Nullable Throwable failure) {
        if (failure == null) {
            return "ok";
        }
        return failure instanceof StripeFailure known ? known.reason().code() : "internal";
    }

    /** Ends the pools once the calls under way are done. */
    public Future<Void> close() {
        return Future.join(callers.workers().close(), background.workers().close())
                .mapEmpty();
    }

    /** The tries of one call. */
    private final class Tries<T> {
        private final String app;
        private final String account;
        private final String operation;
        private final boolean needed;
        private final Call<T> call;
        private final long deadlineNanos = System.nanoTime() + lane.deadline().toNanos();

        /** Whether a try is under way or ended without saying that nothing happened. */
        private volatile boolean mayHaveActed;

        private int made;

        Tries(String app, String account, String operation, boolean needed, Call<T> call) {
            this.app = app;
            this.account = account;
            this.operation = operation;
            this.needed = needed;
            this.call = call;
        }

        Future<T> next() {
            return lane.place(account, operation, nanosLeft())
                    .compose(placed -> lane.workers()
                            .executeBlocking(this::makeOnce, false)
                            .onComplete(done -> lane.tried(account)))
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
            Instant asOf = Instant.now();
            try {
                return call.make((int) Math.min(settings.readTimeout().toMillis(), millisLeft));
            } catch (StripeException | RuntimeException e) {
                StripeTransport.Advice advice = transport.lastAdvice();
                StripeFailures.JudgedException judged = StripeFailures.judge(e, advice);
                if (e instanceof AuthenticationException) {
                    tell(judged.failure(), e instanceof PermissionException, advice, asOf);
                }
                mayHaveActed = earlierTry || judged.failure().effect() == StripeFailure.Effect.UNKNOWN;
                throw judged.after(earlierTry);
            }
        }

        /** A 403 is one too, in stripe-java. */
        private void tell(StripeFailure refused, boolean lacksPermission, StripeTransport.Advice advice, Instant asOf) {
            if (advice.account().isPresent() && refused.saysNoAccess()) {
                refusals.ofAccounts.refused(app, advice.account().get(), asOf);
            } else if (needed || !lacksPermission || refused.saysNoAccess()) {
                refusals.ofKeys.accept(app);
            }
        }

        private Future<T> again(Throwable failure) {
            if (!(failure instanceof StripeFailures.JudgedException judged)) {
                return Future.failedFuture(
                        failure instanceof StripeFailure turnedAway ? afterTries(turnedAway) : failure);
            }
            Duration backoff = backoff(made);
            if (!judged.repeat() || made++ >= lane.retries() || backoff.toNanos() > nanosLeft()) {
                return Future.failedFuture(judged.failure());
            }
            return pauses.of(backoff).compose(waited -> next());
        }

        /** That there was no place for one more says nothing of those before it. */
        private StripeFailure afterTries(StripeFailure turnedAway) {
            return new StripeFailures.JudgedException(turnedAway, false)
                    .after(mayHaveActed)
                    .failure();
        }

        private long nanosLeft() {
            return deadlineNanos - System.nanoTime();
        }
    }

    /** Doubles from half a second to five, less up to a quarter, so that callers who failed together part. */
    private static Duration backoff(int triesMade) {
        long full = Math.min(BACKOFF_MOST.toMillis(), BACKOFF_LEAST.toMillis() << Math.min(triesMade, 10));
        double jitter = 0.75 + 0.25 * ThreadLocalRandom.current().nextDouble();
        return Duration.ofMillis((long) (full * jitter));
    }
}
