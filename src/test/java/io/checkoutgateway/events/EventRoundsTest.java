package io.checkoutgateway.events;

import static org.assertj.core.api.Assertions.assertThat;

import io.checkoutgateway.settings.Settings;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** A round is over when nobody works any more: another may begin then, or the connections may be closed. */
class EventRoundsTest {
    private static final EventStore.Settled SETTLED = new EventStore.Settled(
            "evt_1",
            "checkout.session.expired",
            Instant.EPOCH,
            Instant.EPOCH,
            Duration.ZERO,
            Duration.ZERO,
            false,
            EventStore.Outcome.APPLIED,
            "cs_1",
            false);

    private final Promise<Optional<EventStore.Settled>> slow = Promise.promise();
    private boolean crowd;

    private EventWorker worker(Function<Integer, Future<Optional<EventStore.Settled>>> settle) {
        return new EventWorker(
                new Lanes(settle),
                new EventReader("2026-07-29.dahlia"),
                Settings.of(Map.of("DATABASE_URL", "postgresql://localhost/none", "STRIPE_API_KEY", "sk_test_none"))
                        .events(),
                new SimpleMeterRegistry());
    }

    @Test
    void runOnce_oneLaneFails_waitsForTheOthersAndFails() {
        Future<EventWorker.Counts> round = worker(turn -> turn == 0 ? Future.failedFuture("away") : slow.future())
                .runOnce();

        assertThat(round.isComplete()).as("three lanes are still at work").isFalse();
        slow.complete(Optional.empty());
        assertThat(round.failed()).isTrue();
    }

    @Test
    void runOnce_oneLaneThrows_waitsForTheOthersAndFails() {
        Future<EventWorker.Counts> round = worker(turn -> {
                    if (turn == 1) {
                        throw new IllegalStateException("the pool is closed");
                    }
                    return slow.future();
                })
                .runOnce();

        assertThat(round.isComplete()).as("three lanes are still at work").isFalse();
        slow.complete(Optional.empty());
        assertThat(round.failed()).isTrue();
    }

    @Test
    void runOnce_inACrowd_isTheFirstLanesAndShort() {
        AtomicInteger looks = new AtomicInteger();
        EventWorker worker = worker(turn -> {
            looks.incrementAndGet();
            return Future.succeededFuture(Optional.of(SETTLED));
        });
        crowd = true;

        for (int lane = 1; lane < EventWorker.LANES; lane++) {
            assertThat(worker.runOnce(lane).result().total()).isZero();
        }
        assertThat(looks).hasValue(0);
        assertThat(worker.runOnce(0).result().total()).isEqualTo(4);
        assertThat(worker.pauseAfter(Duration.ofMillis(100))).isEqualTo(Duration.ofMillis(900));
    }

    /** An inbox of which each lane's turn comes out as it is told. */
    private final class Lanes implements EventStore {
        private final Function<Integer, Future<Optional<Settled>>> settle;
        private final AtomicInteger turns = new AtomicInteger();

        Lanes(Function<Integer, Future<Optional<Settled>>> settle) {
            this.settle = settle;
        }

        @Override
        public Future<Boolean> add(String appId, StripeEvent event, Delivery delivery) {
            return Future.succeededFuture(true);
        }

        @Override
        public boolean isBusy() {
            return crowd;
        }

        @Override
        public Future<Optional<Settled>> settleNext(Function<StripeEvent, Meaning> meaningOf, int attemptsMax) {
            return settle.apply(turns.getAndIncrement());
        }

        @Override
        public Future<Boolean> forget(Duration retention) {
            return Future.succeededFuture(false);
        }

        @Override
        public Future<Backlog> backlog() {
            return Future.succeededFuture(new Backlog(0, 0, 0));
        }
    }
}
