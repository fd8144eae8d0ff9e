package io.checkoutgateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.checkoutgateway.events.Delivery;
import io.checkoutgateway.events.EventReader;
import io.checkoutgateway.events.EventStore;
import io.checkoutgateway.events.EventWorker;
import io.checkoutgateway.events.Meaning;
import io.checkoutgateway.events.StripeEvent;
import io.checkoutgateway.settings.Settings;
import io.checkoutgateway.testing.TestGateway;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class EventLanesTest {
    private static final Duration LONG = Duration.ofHours(1);

    private final Vertx vertx = Vertx.vertx();
    private final LockedInbox inbox = new LockedInbox();
    private final AtomicInteger told = new AtomicInteger();
    private final EventWorker worker = new EventWorker(
            inbox,
            new EventReader("2026-07-29.dahlia"),
            Settings.of(Map.of("DATABASE_URL", "postgresql://localhost/none", "STRIPE_API_KEY", "sk_test_none"))
                    .events(),
            new SimpleMeterRegistry());
    private final EventLanes lanes = new EventLanes(vertx, new SimpleMeterRegistry(), LONG, worker);

    @AfterEach
    void stop() {
        TestGateway.await(vertx.close());
    }

    @Test
    void apply_oneEventWaitsForALock_theOtherLanesTakeWhatArrives() {
        lanes.start(told::incrementAndGet);
        worker.announce();
        Awaitility.await().until(() -> inbox.looks.get() == EventWorker.LANES);
        assertThat(inbox.applied).hasValue(0);

        inbox.due.set(5);
        worker.announce();

        Awaitility.await().untilAsserted(() -> assertThat(inbox.applied).hasValue(5));
        assertThat(inbox.lock.future().isComplete()).isFalse();
        Awaitility.await().untilAsserted(() -> assertThat(told).hasPositiveValue());
        inbox.lock.complete(Optional.empty());
    }

    @Test
    void stop_oneEventWaitsForALock_endsAfterIt() {
        lanes.start(told::incrementAndGet);
        worker.announce();
        Awaitility.await().until(() -> inbox.looks.get() == EventWorker.LANES);

        Future<?> stopped = lanes.stop();

        assertThat(stopped.isComplete()).isFalse();
        inbox.lock.complete(Optional.empty());
        TestGateway.await(stopped);
    }

    /** An inbox whose first event waits for somebody's lock; whatever else is due is applied at once. */
    private static final class LockedInbox implements EventStore {
        private final Promise<Optional<Settled>> lock = Promise.promise();
        private final AtomicInteger looks = new AtomicInteger();
        private final AtomicInteger due = new AtomicInteger();
        private final AtomicInteger applied = new AtomicInteger();

        @Override
        public Future<Boolean> add(String appId, StripeEvent event, Delivery delivery) {
            return Future.succeededFuture(true);
        }

        @Override
        public boolean isBusy() {
            return false;
        }

        @Override
        public Future<Optional<Settled>> settleNext(Function<StripeEvent, Meaning> meaningOf, int attemptsMax) {
            if (looks.getAndIncrement() == 0) {
                return lock.future();
            }
            return due.getAndUpdate(left -> Math.max(0, left - 1)) == 0
                    ? Future.succeededFuture(Optional.empty())
                    : Future.succeededFuture(Optional.of(settled(applied.incrementAndGet())));
        }

        private static Settled settled(int number) {
            return new Settled(
                    "evt_" + number,
                    "checkout.session.expired",
                    Instant.EPOCH,
                    Instant.EPOCH,
                    Duration.ZERO,
                    Duration.ZERO,
                    false,
                    Outcome.APPLIED,
                    "cs_1",
                    false);
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
