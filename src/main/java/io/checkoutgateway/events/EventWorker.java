package io.checkoutgateway.events;

import io.checkoutgateway.events.EventStore.Outcome;
import io.checkoutgateway.events.EventStore.Settled;
import io.checkoutgateway.followup.EventLag;
import io.checkoutgateway.settings.EventSettings;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** Applies stored events, any number of replicas side by side. */
public final class EventWorker {
    private static final Logger LOG = LoggerFactory.getLogger(EventWorker.class);

    /** How many events are applied side by side: they wait for Postgres, and leave connections to requests. */
    public static final int LANES = 4;

    /** What a round applies while storing comes first. */
    private static final int BUSY_BATCH = 4;

    /**
     * For how long an event may be left waiting for others to be acknowledged: a person who has just paid looks at a page
     * for about so long.
     */
    private static final Duration YIELD_MAX = Duration.ofSeconds(30);

    /** Between such rounds, at the least. */
    private static final Duration PAUSE_MIN = Duration.ofMillis(200);

    /** Between such rounds, at the most, so that the end of a crowd is soon noticed. */
    private static final Duration PAUSE_MAX = Duration.ofSeconds(2);

    /**
     * How many times as long as a round the pause after it is: applying has a tenth of the time, also where it is slow
     * because the indexes of millions of sessions are not in memory, and keeps the disk from those who store.
     */
    private static final int PAUSE_SHARE = 9;

    /** How many events of each outcome a round settled; outcomes that did not occur are missing. */
    public record Counts(Map<Outcome, Integer> byOutcome) {
        public int of(Outcome outcome) {
            return byOutcome.getOrDefault(outcome, 0);
        }

        private Counts plus(Counts others) {
            Map<Outcome, Integer> sum = new EnumMap<>(Outcome.class);
            sum.putAll(byOutcome);
            others.byOutcome.forEach((outcome, count) -> sum.merge(outcome, count, Integer::sum));
            return new Counts(sum);
        }

        public int total() {
            return byOutcome.values().stream().mapToInt(Integer::intValue).sum();
        }
    }

    private final EventStore events;
    private final EventReader reader;
    private final EventSettings settings;
    private final MeterRegistry metrics;
    private final EventLag lag;
    private volatile Runnable bell = () -> {};
    private volatile Runnable accountGone = () -> {};
    private volatile Duration waited = Duration.ZERO;

    public EventWorker(EventStore events, EventReader reader, EventSettings settings, MeterRegistry metrics) {
        this.events = events;
        this.reader = reader;
        this.settings = settings;
        this.metrics = metrics;
        this.lag = new EventLag(metrics);
        Gauge.builder("gateway.events.yielding", () -> yields() ? 1 : 0)
                .description("1 while applying events leaves the machine to acknowledging those that arrive")
                .register(metrics);
    }

    /** Forgets some of the events that were settled long ago; tells whether there may be more. */
    public Future<Boolean> forget() {
        return events.forget(settings.retention());
    }

    /** Whom to wake when an event arrives. */
    public void onAnnouncement(Runnable wake) {
        this.bell = wake;
    }

    /** Whom to wake when an event was applied that tells of an account's disconnection, which Stripe is to confirm. */
    public void onAccountGone(Runnable wake) {
        this.accountGone = wake;
    }

    /** An event was stored: there is something to do before the next regular look. */
    public void announce() {
        bell.run();
    }

    /**
     * Whether storing comes first for the moment: Stripe, and a person at its page, wait for the acknowledgements; what
     * was acknowledged can wait, though not for ever. Rounds are short then, with {@linkplain #pauseAfter pauses} between
     * them.
     */
    public boolean yields() {
        return events.isBusy() && waited.compareTo(YIELD_MAX) < 0;
    }

    /** How long whoever calls for rounds is to wait after one that took so long; not at all unless storing comes first. */
    public Duration pauseAfter(Duration round) {
        if (!yields()) {
            return Duration.ZERO;
        }
        long share = round.multipliedBy(PAUSE_SHARE).toMillis();
        return Duration.ofMillis(Math.max(PAUSE_MIN.toMillis(), Math.min(share, PAUSE_MAX.toMillis())));
    }

    /**
     * Applies what is pending, at most one batch; tells what came of it. It ends when every lane has, also when one
     * fails: nobody begins another round, or closes the connections, beside those that still work.
     */
    public Future<Counts> runOnce() {
        List<Future<Counts>> lanes =
                IntStream.range(0, LANES).mapToObj(this::runOnce).toList();
        return Future.join(lanes)
                .map(done -> lanes.stream().map(Future::result).reduce(new Counts(Map.of()), Counts::plus));
    }

    /**
     * The same by one lane, at most its share of a batch; the first lane goes on for a few also where the others yield.
     *
     * @param lane from 0 to {@link #LANES} less one; of each one is at work at a time
     */
    public Future<Counts> runOnce(int lane) {
        Map<Outcome, Integer> sum = new EnumMap<>(Outcome.class);
        int share = Math.max(1, settings.batch() / LANES);
        return Future.succeededFuture()
                .compose(begun -> settle(lane, share, 0, sum))
                .map(done -> new Counts(sum));
    }

    private Future<Void> settle(int lane, int share, int done, Map<Outcome, Integer> sum) {
        int most = yields() ? (lane == 0 ? BUSY_BATCH : 0) : share;
        if (done >= most) {
            return Future.succeededFuture();
        }
        long begunNanos = System.nanoTime();
        return events.settleNext(reader::read, settings.attempts()).compose(settled -> {
            settled.ifPresent(event -> {
                note(event, Duration.ofNanos(System.nanoTime() - begunNanos), sum);
                if (event.outcome() == Outcome.APPLIED && event.type().equals(EventReader.DEAUTHORIZED)) {
                    accountGone.run();
                }
            });
            return settled.isPresent() ? settle(lane, share, done + 1, sum) : Future.succeededFuture();
        });
    }

    /** @param took how long settling it took; its waits are by the store's clock, which is not this machine's */
    private void note(Settled event, Duration took, Map<Outcome, Integer> sum) {
        sum.merge(event.outcome(), 1, Integer::sum);
        // Those due for longest come first: how long this one was is how far behind the work is.
        waited = event.sinceDue();
        String outcome = event.outcome().name().toLowerCase(Locale.ROOT);
        metrics.counter("gateway.events.settled", "outcome", outcome).increment();
        if (event.outcome() == Outcome.APPLIED && !event.replayed() && !event.deferred()) {
            lag.record(
                    event.created(), event.receivedAt(), event.sinceReceived().plus(took));
        }
        boolean applied = event.outcome() == Outcome.APPLIED;
        LOG.atLevel(event.outcome() == Outcome.QUARANTINED ? Level.WARN : Level.INFO)
                .addKeyValue("event", event.eventId())
                .addKeyValue("type", event.type())
                .addKeyValue("outcome", outcome)
                .addKeyValue(applied ? "session" : "reason", event.detail())
                .log("event settled");
    }
}
