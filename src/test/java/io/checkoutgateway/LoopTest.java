package io.checkoutgateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.checkoutgateway.testing.Patience;
import io.checkoutgateway.testing.TestGateway;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LoopTest {
    private static final Duration LONG = Duration.ofHours(1);
    private static final Duration SHORT = Duration.ofMillis(5);

    private Vertx vertx;
    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    private final BlockingQueue<Promise<Boolean>> rounds = new LinkedBlockingQueue<>();

    @BeforeEach
    void start() {
        vertx = Vertx.vertx();
    }

    @AfterEach
    void stop() {
        TestGateway.await(vertx.close());
    }

    private Loop loop(Duration pause) {
        return loop(pause, () -> {
            Promise<Boolean> round = Promise.promise();
            rounds.add(round);
            return round.future();
        });
    }

    private Loop loop(Duration pause, Supplier<Future<Boolean>> round) {
        return new Loop(vertx, metrics, "test", pause, round).start();
    }

    /** The round that begins within a while. */
    private Promise<Boolean> nextRound() throws InterruptedException {
        Promise<Boolean> round = rounds.poll(Patience.LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        return Objects.requireNonNull(round, "no round began");
    }

    private void assertNoRound(String which) throws InterruptedException {
        assertThat(rounds.poll(100, TimeUnit.MILLISECONDS)).as(which).isNull();
    }

    @Test
    void start_noWork_looksAgainAfterEachPause() throws InterruptedException {
        Loop loop = loop(SHORT);

        nextRound().complete(false);
        nextRound().complete(false);
        TestGateway.await(loop.stop());
    }

    @Test
    void wake_duringThePause_endsIt() throws InterruptedException {
        Loop loop = loop(LONG);

        loop.wake();

        nextRound().complete(false);
    }

    @Test
    void wake_duringARound_startsAnotherAfterItAndNeverBeside() throws InterruptedException {
        Loop loop = loop(LONG);
        loop.wake();
        Promise<Boolean> first = nextRound();

        loop.wake();
        loop.wake();

        assertNoRound("a second round beside the first");
        first.complete(false);
        nextRound().complete(false);
        assertNoRound("one more round: two wakes are one");
    }

    @Test
    void round_foundWork_isFollowedAtOnce() throws InterruptedException {
        Loop loop = loop(LONG);
        loop.wake();

        nextRound().complete(true);

        nextRound().complete(false);
    }

    @Test
    void round_failsOrThrows_isFollowedByTheNext() {
        AtomicInteger count = new AtomicInteger();
        Loop loop = loop(SHORT, () -> {
            if (count.incrementAndGet() % 2 == 0) {
                throw new IllegalStateException("thrown");
            }
            return Future.failedFuture("failed");
        });

        Awaitility.await().until(() -> count.get() >= 5);
        TestGateway.await(loop.stop());
        assertThat(metrics.get("gateway.loop.rounds")
                        .tags("loop", "test", "outcome", "failed")
                        .counter()
                        .count())
                .isEqualTo(count.get());
    }

    @Test
    void stop_duringARound_waitsForItAndStartsNoOther() throws InterruptedException {
        Loop loop = loop(LONG);
        loop.wake();
        Promise<Boolean> round = nextRound();

        Future<Void> stopped = loop.stop();

        assertThat(stopped.isComplete()).isFalse();
        round.complete(true);
        TestGateway.await(stopped);
        loop.wake();
        assertNoRound("a round after the end");
    }

    @Test
    void stop_duringThePause_isDoneAtOnce() {
        assertThat(loop(LONG).stop().isComplete()).isTrue();
    }
}
