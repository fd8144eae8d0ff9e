package io.checkoutgateway.followup;

import io.checkoutgateway.apps.Apps;
import io.checkoutgateway.apps.StripeApp;
import io.checkoutgateway.failure.GatewayException;
import io.checkoutgateway.failure.Reason;
import io.checkoutgateway.failure.StripeFailure;
import io.checkoutgateway.followup.FollowUpStore.Claimed;
import io.checkoutgateway.followup.FollowUpStore.Line;
import io.checkoutgateway.settings.StripeSettings;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
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

    /** How many of each line are under way at once: few, so that callers who wait keep most of Stripe's rate. */
    private static final int LANES = 2;

    /** How many one lane takes in a round, so that rounds end and what they found is seen. */
    private static final int SHARE = 10;

    /** Pauses double up to an hour: three days, for as long as Stripe itself repeats a delivery. */
    public static final int ATTEMPTS_MAX = 80;

    /** What three processes did not live to end is what they died of. */
    private static final int BEGUN_MAX = 3;

    /** For finding out and writing down, beside the calls. */
    private static final Duration OWN_TIME = Duration.ofSeconds(30);

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

    /** How many follow-ups of each result a round settled; results that did not occur are missing. */
    public record Counts(Map<Result, Integer> byResult) {
        public int of(Result result) {
            return byResult.getOrDefault(result, 0);
        }

        public int total() {
            return byResult.values().stream().mapToInt(Integer::intValue).sum();
        }
    }

    private final FollowUpStore store;
    private final Apps apps;
    private final Means atOnce;
    private final Means background;
    private final int attemptsMax;
    private final Duration lease;
    private final MeterRegistry metrics;
    private final FollowUpMetrics backlog;
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
            FollowUpStore store,
            Apps apps,
            Means atOnce,
            Means background,
            StripeSettings stripe,
            int attemptsMax,
            MeterRegistry metrics) {
        this.store = store;
        this.apps = apps;
        this.atOnce = atOnce;
        this.background = background;
        this.attemptsMax = attemptsMax;
        this.lease = stripe.deadline().multipliedBy(FollowUpCalls.CALLS_MAX).plus(OWN_TIME);
        this.metrics = metrics;
        this.backlog = new FollowUpMetrics(metrics);
        this.lag = new EventLag(metrics);
    }

    /** Meets what is due in both lines, at most one round's share; tells what came of it. */
    public Future<Counts> runOnce() {
        return runOnce(Line.values());
    }

    /** The same for some of the lines: a round lasts as long as its slowest follow-up. */
    public Future<Counts> runOnce(Line... lines) {
        Map<Result, Integer> sum = new EnumMap<>(Result.class);
        Stream<Future<Void>> lanes = Arrays.stream(lines)
                .flatMap(line -> IntStream.range(0, LANES).mapToObj(lane -> work(line, SHARE, sum)));
        return Future.join(lanes.toList())
                .compose(done -> store.backlog())
                .onSuccess(backlog::show)
                .map(shown -> new Counts(sum));
    }

    /** Begins no further follow-up; those under way end. */
    public void stop() {
        stopping = true;
    }

    private Future<Void> work(Line line, int left, Map<Result, Integer> sum) {
        if (left == 0 || stopping) {
            return Future.succeededFuture();
        }
        return store.claim(line, line == Line.BACKGROUND ? PATIENT_LEASE : lease)
                .compose(claimed -> claimed.map(mine -> settle(mine, sum).compose(result -> work(line, left - 1, sum)))
                        .orElseGet(Future::succeededFuture));
    }

    private Future<Result> settle(Claimed claimed, Map<Result, Integer> sum) {
        return Future.succeededFuture()
                .compose(begun -> meet(claimed))
                .compose(outcome -> store.met(claimed)
                        .onSuccess(met -> met.ifPresent(at -> noteLag(claimed, at)))
                        .map(met -> note(claimed, Result.DONE, outcome, sum)))
                .recover(failure -> failure instanceof NotYetException waiting
                        ? store.putOff(claimed, waiting.reason())
                                .map(put -> note(claimed, Result.PUT_OFF, waiting.reason(), sum))
                        : fail(claimed, failure, sum));
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
        return apps.byId(wish.appId())
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
    private Future<Result> fail(Claimed claimed, Throwable failure, Map<Result, Integer> sum) {
        boolean refused = failure instanceof StripeFailure known && known.effect() == StripeFailure.Effect.REFUSED;
        boolean forGood = refused || isDeadly(claimed);
        String reason = failure.getClass().getSimpleName() + ": " + failure.getMessage();
        return store.failed(claimed, reason, forGood ? 0 : attemptsMax)
                .map(givenUp -> note(claimed, givenUp ? Result.GIVEN_UP : Result.RETRIED, reason, sum));
    }

    private Result note(Claimed claimed, Result result, String outcome, Map<Result, Integer> sum) {
        synchronized (sum) {
            sum.merge(result, 1, Integer::sum);
        }
        String kind = claimed.wish().kind().word();
        metrics.counter("gateway.follow.ups.settled", "kind", kind, "result", result.word())
                .increment();
        LOG.atLevel(result == Result.GIVEN_UP ? Level.WARN : Level.INFO)
                .addKeyValue("kind", kind)
                .addKeyValue("subject", claimed.wish().subject())
                .addKeyValue("result", result.word())
                .addKeyValue("attempt", claimed.attempt())
                .addKeyValue("outcome", outcome)
                .log("follow-up settled");
        return result;
    }
}
