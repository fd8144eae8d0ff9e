package io.checkoutgateway.followup;

import io.checkoutgateway.apps.Apps;
import io.checkoutgateway.apps.StripeApp;
import io.checkoutgateway.failure.Failures;
import io.checkoutgateway.failure.GatewayException;
import io.checkoutgateway.failure.Reason;
import io.checkoutgateway.failure.StripeFailure;
import io.checkoutgateway.followup.FollowUpStore.Claimed;
import io.checkoutgateway.followup.FollowUpStore.Line;
import io.checkoutgateway.settings.StripeSettings;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Meets what was wished for, any number of replicas side by side. A follow-up is claimed for longer than it can take,
 * and no connection is held meanwhile; whoever dies leaves it to be claimed again when that time is over. Each of them
 * may therefore be done twice, and is such that this does no harm.
 */
public final class FollowUps {
    private static final Logger LOG = LoggerFactory.getLogger(FollowUps.class);

    /** How many of each line are under way at once, at least: a slow one must not keep all others waiting. */
    private static final int LANES_MIN = 2;

    /** Callers keep three of four of the workers, whatever happens at once at Stripe. */
    private static final int PART_OF_WORKERS = 4;

    /** So many are under way where half the rate goes to readings of a second each. (Little's law.) */
    private static final int PART_OF_RATE = 2;

    /** Pauses double up to an hour: three days, for as long as Stripe itself repeats a delivery. */
    public static final int ATTEMPTS_MAX = 80;

    /** What three processes did not live to end is what they died of. */
    private static final int BEGUN_MAX = 3;

    /** For finding out and writing down, beside the calls. */
    private static final Duration OWN_TIME = Duration.ofSeconds(30);

    /** How often what came of one is written down while Postgres is away: a restart or a failover takes seconds. */
    private static final int WRITES_MAX = 6;

    /** Doubles with each: fifteen seconds in all, within the time that the claim has for it. */
    private static final Duration WRITE_PAUSE = Duration.ofMillis(500);

    /** What one waits for that only a person or another process can do. */
    private static final Duration WAIT_LONG = Duration.ofMinutes(1);

    /** What one waits for that may be over the next moment. */
    private static final Duration WAIT_SHORT = Duration.ofSeconds(2);

    /** Nothing of the follow-up's own, and soon over. */
    private static final Set<Reason> PASSING = EnumSet.of(Reason.DATABASE_UNAVAILABLE, Reason.SHUTTING_DOWN);

    /** In what callers leave of the rate, five calls may take up to two minutes each. */
    private static final Duration PATIENT_LEASE = Duration.ofMinutes(12);

    /** What became of a follow-up. */
    public enum Result {
        /** There is nothing left to do. */
        DONE,
        /** It failed and will be tried again. */
        RETRIED,
        /** It has to wait for something else, and is tried again, however often. */
        PUT_OFF,
        /** It failed for good, or for the last time; a repeated wish tries it again. */
        GIVEN_UP;

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * How many follow-ups of each result a round settled; results that did not occur are missing, and what somebody else
     * had claimed by then is theirs to count.
     */
    public record Counts(Map<Result, Integer> byResult) {
        public int of(Result result) {
            return byResult.getOrDefault(result, 0);
        }

        public int total() {
            return byResult.values().stream().mapToInt(Integer::intValue).sum();
        }
    }

    private final Vertx vertx;
    private final FollowUpStore store;
    private final Apps apps;
    private final Means atOnce;
    private final Means background;
    private final int newsLanes;
    private final int attemptsMax;
    private final Duration lease;
    private final MeterRegistry metrics;
    private final EventLag lag;
    private volatile boolean stopping;

    /** What follow-ups are met with, at one of the rates at which Stripe is called. */
    public record Means(Readings readings, DefaultSetting defaults) {}

    /**
     * @param atOnce for those that somebody may be waiting for
     * @param background for the others: takes what callers leave of the rate
     * @param attemptsMax how often a follow-up may fail before it is given up
     */
    public FollowUps(
            Vertx vertx,
            FollowUpStore store,
            Apps apps,
            Means atOnce,
            Means background,
            StripeSettings stripe,
            int attemptsMax,
            MeterRegistry metrics) {
        this.vertx = vertx;
        this.store = store;
        this.apps = apps;
        this.atOnce = atOnce;
        this.background = background;
        this.newsLanes = newsLanes(stripe);
        this.attemptsMax = attemptsMax;
        this.lease = stripe.deadline().multipliedBy(FollowUpCalls.CALLS_MAX).plus(OWN_TIME);
        this.metrics = metrics;
        this.lag = new EventLag(metrics);
    }

    /**
     * How much news is read at once. Since it goes to Stripe by the callers' way, it holds no more than a part of the
     * workers, and a caller finds no more than half a second's calls of it before him in the rate.
     */
    static int newsLanes(StripeSettings stripe) {
        int spared = Math.min(stripe.workers() / PART_OF_WORKERS, stripe.requestsPerSecond() / PART_OF_RATE);
        return Math.max(LANES_MIN, spared);
    }

    /** How many of the line are to be under way at once. */
    public int lanes(Line line) {
        return line == Line.NEWS ? newsLanes : LANES_MIN;
    }

    /**
     * Claims the one of the line that has been due for longest, whose time runs from now on: it is met by calling what
     * this answers, which never fails because the follow-up does.
     *
     * @return empty when none is due
     */
    public Future<Optional<Supplier<Future<?>>>> next(Line line) {
        return claim(line).map(claimed -> claimed.map(mine -> () -> settle(mine)));
    }

    /** Meets what is due in both lines until nothing is; tells what came of it. */
    public Future<Counts> runOnce() {
        Map<Result, Integer> sum = new EnumMap<>(Result.class);
        return Future.join(Arrays.stream(Line.values())
                        .flatMap(line -> IntStream.range(0, lanes(line)).mapToObj(lane -> work(line, sum)))
                        .toList())
                .map(done -> new Counts(sum));
    }

    private Future<Void> work(Line line, Map<Result, Integer> sum) {
        return claim(line).compose(claimed -> claimed.map(mine -> settle(mine)
                        .onSuccess(result -> result.ifPresent(settled -> add(settled, sum)))
                        .compose(settled -> work(line, sum)))
                .orElseGet(Future::succeededFuture));
    }

    private static void add(Result result, Map<Result, Integer> sum) {
        synchronized (sum) {
            sum.merge(result, 1, Integer::sum);
        }
    }

    /** Begins no further follow-up; those under way end. */
    public void stop() {
        stopping = true;
    }

    private Future<Optional<Claimed>> claim(Line line) {
        return stopping
                ? Future.succeededFuture(Optional.empty())
                : store.claim(line, line == Line.BACKGROUND ? PATIENT_LEASE : lease);
    }

    /**
     * What cannot be written down has not failed by itself: its claim runs out, and it is done again.
     *
     * @return empty when it was somebody else's by then
     */
    private Future<Optional<Result>> settle(Claimed claimed) {
        return Future.succeededFuture()
                .compose(begun -> meet(claimed))
                .transform(ended -> ended.succeeded() ? met(claimed, ended.result()) : notMet(claimed, ended.cause()));
    }

    private Future<Optional<Result>> met(Claimed claimed, String outcome) {
        return written(() -> store.met(claimed))
                .onSuccess(met -> met.ifPresent(at -> noteLag(claimed, at)))
                .map(met -> met.map(at -> Result.DONE))
                .onSuccess(result -> note(claimed, result, outcome));
    }

    private Future<Optional<Result>> notMet(Claimed claimed, Throwable failure) {
        if (failure instanceof NotYetException waiting) {
            return putOff(claimed, waiting.reason(), WAIT_LONG);
        }
        return isPassing(failure)
                ? putOff(claimed, String.valueOf(failure.getMessage()), WAIT_SHORT)
                : fail(claimed, failure);
    }

    private static boolean isPassing(Throwable failure) {
        return failure instanceof GatewayException known && PASSING.contains(known.reason());
    }

    private Future<Optional<Result>> putOff(Claimed claimed, String reason, Duration least) {
        return written(() -> store.putOff(claimed, reason, least))
                .map(ours -> Optional.of(Result.PUT_OFF).filter(result -> ours))
                .onSuccess(result -> note(claimed, result, reason));
    }

    private <T> Future<T> written(Supplier<Future<T>> write) {
        return written(write, WRITES_MAX, WRITE_PAUSE);
    }

    /** Else it would wait until its claim is over, which is made for the slowest calls. */
    private <T> Future<T> written(Supplier<Future<T>> write, int left, Duration pause) {
        return write.get()
                .recover(failure -> left > 1 && isPassing(failure) && !stopping
                        ? vertx.timer(pause.toMillis(), TimeUnit.MILLISECONDS)
                                .compose(over -> written(write, left - 1, pause.multipliedBy(2)))
                        : Future.failedFuture(failure));
    }

    private void noteLag(Claimed claimed, Instant metAt) {
        claimed.causes()
                .forEach(event ->
                        lag.record(event.created(), event.receivedAt(), Duration.between(event.receivedAt(), metAt)));
    }

    private Future<String> meet(Claimed claimed) {
        FollowUp wish = claimed.wish();
        if (isDeadly(claimed)) {
            return Future.failedFuture(new IllegalStateException("the process died at it each time"));
        }
        return apps.workable(wish.appId())
                .map(app -> app.connected(wish.account()))
                .compose(
                        app -> meet(app, claimed),
                        failure -> failure instanceof GatewayException known && known.reason() == Reason.NOT_FOUND
                                ? withoutApp(wish)
                                : Future.failedFuture(failure));
    }

    /** Another process may have the key, or this one when it starts again: only with the app does its work end. */
    private Future<String> withoutApp(FollowUp wish) {
        return apps.isInstalled(wish.appId())
                .compose(installed -> installed
                        ? Future.failedFuture(new NotYetException("this process has no key of its app"))
                        : Future.succeededFuture("its app is not installed any more"));
    }

    /** One that is begun again counts its attempts anew, and must not hear what Stripe answered to those before. */
    private static String attemptOf(Claimed claimed) {
        return claimed.row() + "-" + claimed.generation() + "-" + claimed.attempt();
    }

    private Future<String> meet(StripeApp app, Claimed claimed) {
        FollowUp wish = claimed.wish();
        Means means = wish.background() ? background : atOnce;
        return switch (wish.kind()) {
            case READ_SESSION -> means.readings().session(app, wish.subject(), wish.happenedAt());
            case READ_SETUP_INTENT -> means.readings().setupIntent(app, wish.subject(), wish.happenedAt());
            case FETCH_LINE_ITEMS -> means.readings().lineItems(app, wish.subject());
            case SET_DEFAULT_PAYMENT_METHOD -> means.defaults().tell(app, wish.subject(), attemptOf(claimed));
        };
    }

    private static boolean isDeadly(Claimed claimed) {
        return claimed.begun() > BEGUN_MAX;
    }

    /** What Stripe has read and refused, it refuses again: that is given up at once, like what kills processes. */
    private Future<Optional<Result>> fail(Claimed claimed, Throwable failure) {
        boolean refused = failure instanceof StripeFailure known && known.effect() == StripeFailure.Effect.REFUSED;
        boolean forGood = refused || isDeadly(claimed);
        String reason = Failures.sentence(failure);
        return written(() -> store.failed(claimed, reason, forGood ? 0 : attemptsMax))
                .map(FollowUps::resultOf)
                .onSuccess(result -> note(claimed, result, reason));
    }

    private static Optional<Result> resultOf(FollowUpStore.Failed failed) {
        return switch (failed) {
            case RETRIED -> Optional.of(Result.RETRIED);
            case GIVEN_UP -> Optional.of(Result.GIVEN_UP);
            case OVERTAKEN -> Optional.empty();
        };
    }

    /** @param result empty when it was somebody else's by then, or gone: nothing was written, and nothing is counted */
    private void note(Claimed claimed, Optional<Result> result, String outcome) {
        String kind = claimed.wish().kind().word();
        result.ifPresent(
                settled -> metrics.counter("gateway.follow.ups.settled", "kind", kind, "result", settled.word())
                        .increment());
        LOG.atLevel(result.filter(Result.GIVEN_UP::equals).isPresent() ? Level.WARN : Level.INFO)
                .addKeyValue("kind", kind)
                .addKeyValue("subject", claimed.wish().subject())
                .addKeyValue("result", result.map(Result::word).orElse("overtaken"))
                .addKeyValue("attempt", claimed.attempt())
                .addKeyValue("outcome", outcome)
                .log(result.isPresent() ? "follow-up settled" : "follow-up overtaken");
    }
}
