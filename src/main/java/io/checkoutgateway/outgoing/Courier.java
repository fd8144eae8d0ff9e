package io.checkoutgateway.outgoing;

import io.checkoutgateway.outgoing.DeliveryStore.Claim;
import io.checkoutgateway.outgoing.DeliveryStore.Due;
import io.checkoutgateway.outgoing.DeliveryStore.Failure;
import io.checkoutgateway.settings.OutgoingSettings;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;

/**
 * Turns news into deliveries and delivers them, any number of replicas side by side. A message is delivered at least
 * once: when the process dies between the endpoint's answer and its note of it, another sends it again.
 */
public final class Courier {
    /** As many rows as a statement writes in some ten milliseconds. */
    private static final int NEWS_MAX = 500;

    /** As many rows as a statement changes in well under a second. */
    private static final int UPKEEP_MAX = 1_000;

    /**
     * Enough for two hundred messages a second to an endpoint that answers in 40 ms, few enough for a small one, and a
     * sixth of the places of those that work: one that falls silent takes no more until it is known to fail.
     */
    private static final int EACH = 8;

    /** What the endpoints that fail may use: they must not hold up those that work, however many and slow they are. */
    private static final double SHARE_OF_FAILING = 0.25;

    /** Beyond the time an attempt may take: the look into the pool, the note of the outcome, a slow database. */
    private static final Duration LEASE_MARGIN = Duration.ofSeconds(45);

    private final DeliveryStore deliveries;
    private final WebhookSender sender;
    private final OutgoingSettings settings;
    private final DeliveryNotes notes;
    private final RandomGenerator random;
    private final Lane working;
    private final Lane failing;
    private final Set<Future<?>> underWay = ConcurrentHashMap.newKeySet();
    private volatile Runnable bell = () -> {};

    public Courier(
            DeliveryStore deliveries,
            WebhookSender sender,
            OutgoingSettings settings,
            DeliveryNotes notes,
            RandomGenerator random) {
        this.deliveries = deliveries;
        this.sender = sender;
        this.settings = settings;
        this.notes = notes;
        this.random = random;
        int forFailing = Math.max(1, (int) (settings.concurrency() * SHARE_OF_FAILING));
        this.working = new Lane(false, Math.max(1, settings.concurrency() - forFailing), EACH);
        this.failing = new Lane(true, forFailing, 1);
    }

    /** Whom to wake when there is room for messages that had to wait. */
    public void onRoom(Runnable wake) {
        this.bell = wake;
    }

    /**
     * Turns news into deliveries and begins to send what is due, as far as there is room. Does not wait for endpoints to
     * answer, since the slow ones would hold up the others.
     *
     * @return whether there may be more to do right away
     */
    public Future<Boolean> dispatch() {
        return tracked(deliveries
                .fanOut(NEWS_MAX)
                .compose(news -> begin(working).compose(begun -> begin(failing)).map(begun -> news == NEWS_MAX)));
    }

    /** Does the same once, and waits until every message under way is settled. */
    public Future<Void> runOnce() {
        return dispatch().compose(dispatched -> quiet());
    }

    private Future<Void> begin(Lane lane) {
        Claim claim = lane.claim(settings.timeout().plus(LEASE_MARGIN));
        return claim.most() == 0
                ? Future.succeededFuture()
                : deliveries.claim(claim).map(due -> {
                    due.forEach(each -> send(lane, each));
                    return null;
                });
    }

    private void send(Lane lane, Due due) {
        lane.enter(due);
        Future<Void> ignored = tracked(sender.send(due.url(), due.message(), due.secrets(), due.attempt())
                        .compose(attempt -> settle(due, attempt)))
                .onComplete(settled -> {
                    if (lane.leave(due)) {
                        bell.run();
                    }
                });
    }

    private <T> Future<T> tracked(Future<T> work) {
        underWay.add(work);
        return work.onComplete(done -> underWay.remove(work));
    }

    private Future<Void> settle(Due due, Attempt attempt) {
        Future<?> noted = attempt.delivered()
                ? deliveries.delivered(due, attempt.status()).onSuccess(age -> notes.delivered(due, attempt, age))
                : deliveries
                        .failed(due, failure(due, attempt))
                        .onSuccess(verdict -> notes.failed(due, attempt, verdict));
        // What could not be noted is found again when the lease is over.
        return noted.<Void>mapEmpty().otherwise(failure -> notes.lost(due, failure));
    }

    private Failure failure(Due due, Attempt attempt) {
        boolean gone = attempt.result() == Attempt.Result.GONE;
        boolean last = gone || RetrySchedule.exhausted(due.attempt());
        return new Failure(
                attempt.status(),
                attempt.error(),
                last ? null : RetrySchedule.waitAfter(due.attempt(), attempt.retryAfter(), random),
                RetrySchedule.bounded(attempt.retryAfter()),
                gone,
                settings.disableAfter(),
                RetrySchedule.SILENCE);
    }

    /** Settles what disabled endpoints left and forgets what is old; tells whether there may be more of either. */
    public Future<Boolean> tidy() {
        return deliveries.skip(UPKEEP_MAX).compose(skipped -> deliveries
                .forget(settings.retention(), UPKEEP_MAX)
                .map(forgotten -> skipped == UPKEEP_MAX || forgotten == UPKEEP_MAX));
    }

    /** Succeeds when nothing is under way, nor begun meanwhile. */
    public Future<Void> quiet() {
        List<Future<?>> now = List.copyOf(underWay);
        return now.isEmpty() ? Future.succeededFuture() : Future.join(now).transform(done -> quiet());
    }
}
