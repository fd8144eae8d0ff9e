package io.checkoutgateway;

import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does pieces of work side by side, at most so many. One at a time looks for the next piece, and only while a lane is
 * free: after a pause, at once when it is woken, and whenever something was found or a lane becomes free. However long
 * a piece takes, the other lanes go on.
 */
final class Lanes {
    private static final Logger LOG = LoggerFactory.getLogger(Lanes.class);

    private final String name;
    private final int most;
    private final Supplier<Future<Optional<Supplier<Future<?>>>>> next;
    private final Loop looks;
    private final Promise<Void> idle = Promise.promise();
    private int busy;
    private boolean stopping;

    /**
     * @param most how many pieces are under way at once
     * @param next takes the next piece, which is then ours to do; empty when there is none
     */
    Lanes(
            Vertx vertx,
            MeterRegistry metrics,
            String name,
            Duration pause,
            int most,
            Supplier<Future<Optional<Supplier<Future<?>>>>> next) {
        this.name = name;
        this.most = most;
        this.next = next;
        this.looks = new Loop(vertx, metrics, name, pause, this::look);
    }

    Lanes start() {
        looks.start();
        return this;
    }

    /** There may be something to do. */
    void wake() {
        looks.wake();
    }

    /** Takes no further piece; succeeds when those under way are done. */
    Future<Void> stop() {
        return looks.stop().compose(stopped -> whenIdle());
    }

    private Future<Boolean> look() {
        return isFull()
                ? Future.succeededFuture(false)
                : next.get().map(found -> {
                    found.ifPresent(this::begin);
                    return found.isPresent();
                });
    }

    private synchronized boolean isFull() {
        return busy >= most;
    }

    private void begin(Supplier<Future<?>> piece) {
        synchronized (this) {
            busy++;
        }
        // Composed, so that a piece which throws has failed and its lane is free again.
        Future.succeededFuture().compose(begun -> piece.get()).onComplete(done -> {
            if (done.failed()) {
                LOG.atWarn().addKeyValue("lanes", name).setCause(done.cause()).log("a piece of work failed");
            }
            end();
        });
    }

    private synchronized void end() {
        busy--;
        if (stopping && busy == 0) {
            idle.tryComplete();
        }
        looks.wake();
    }

    private synchronized Future<Void> whenIdle() {
        stopping = true;
        if (busy == 0) {
            idle.tryComplete();
        }
        return idle.future();
    }
}
