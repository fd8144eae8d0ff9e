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
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LanesTest {
    private static final Duration LONG = Duration.ofHours(1);
    private static final int MOST = 2;

    private Vertx vertx;
    private final Queue<Supplier<Future<?>>> waiting = new ConcurrentLinkedQueue<>();
    private final BlockingQueue<Promise<Void>> underWay = new LinkedBlockingQueue<>();
    private final AtomicInteger looks = new AtomicInteger();

    @BeforeEach
    void start() {
        vertx = Vertx.vertx();
    }

    @AfterEach
    void stop() {
        TestGateway.await(vertx.close());
    }

    private Lanes lanes() {
        return lanes(LONG);
    }

    private Lanes lanes(Duration pause) {
        return new Lanes(vertx, new SimpleMeterRegistry(), "test", pause, MOST, () -> {
                    looks.incrementAndGet();
                    return Future.succeededFuture(Optional.ofNullable(waiting.poll()));
                })
                .start();
    }

    private void piece() {
        waiting.add(() -> {
            Promise<Void> piece = Promise.promise();
            underWay.add(piece);
            return piece.future();
        });
    }

    private Promise<Void> begun() throws InterruptedException {
        Promise<Void> piece = underWay.poll(Patience.LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        return Objects.requireNonNull(piece, "nothing was begun");
    }

    private void assertNothingBegins(String which) throws InterruptedException {
        assertThat(underWay.poll(100, TimeUnit.MILLISECONDS)).as(which).isNull();
    }

    @Test
    void wake_whileOnePieceIsSlow_beginsWhatCameMeanwhile() throws InterruptedException {
        Lanes lanes = lanes();
        piece();
        lanes.wake();
        Promise<Void> slow = begun();
        Awaitility.await().until(() -> looks.get() == 2);

        piece();
        lanes.wake();

        begun().complete();
        assertThat(slow.future().isComplete()).isFalse();
    }

    @Test
    void wake_morePiecesThanLanes_theNextBeginsWhenALaneIsFree() throws InterruptedException {
        Lanes lanes = lanes();
        piece();
        piece();
        piece();
        lanes.wake();
        Promise<Void> first = begun();
        begun();

        assertNothingBegins("a third piece beside two");
        first.complete();

        begun();
        assertThat(looks).as("nobody looks while no lane is free").hasValue(3);
    }

    @Test
    void start_nothingToDo_looksOnceAfterEachPause() {
        Lanes lanes = lanes(Duration.ofMillis(5));

        Awaitility.await().until(() -> looks.get() >= 2);
        TestGateway.await(lanes.stop());
    }

    @Test
    void piece_failsOrThrows_leavesItsLane() throws InterruptedException {
        Lanes lanes = lanes();
        waiting.add(() -> Future.failedFuture("failed"));
        waiting.add(() -> {
            throw new IllegalStateException("thrown");
        });
        piece();
        piece();

        lanes.wake();

        begun();
        begun();
    }

    @Test
    void stop_whilePiecesAreUnderWay_waitsForThemAndBeginsNoOther() throws InterruptedException {
        Lanes lanes = lanes();
        piece();
        piece();
        piece();
        lanes.wake();
        Promise<Void> first = begun();
        Promise<Void> second = begun();

        Future<Void> stopped = lanes.stop();

        first.complete();
        assertNothingBegins("a piece after the end");
        assertThat(stopped.isComplete()).isFalse();
        second.complete();
        TestGateway.await(stopped);
    }
}
