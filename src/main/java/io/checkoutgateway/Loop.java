package io.checkoutgateway;

import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does something again and again: after a pause, or at once when it is woken or when the last round found work. Rounds
 * never overlap; a failed one is logged, counted and followed by the next.
 */
final class Loop {
    private static final Logger LOG = LoggerFactory.getLogger(Loop.class);

    private final Vertx vertx;
    private final String name;
    private final Duration pause;
    private final Supplier<Future<Boolean>> round;
    private final LoopMetrics metrics;
    private final Promise<Void> ended = Promise.promise();
    private boolean running;
    private boolean woken;
    private boolean stopping;
    private long timer = -1;

    /** @param round does the work once and tells whether there may be more to do right away */
    Loop(Vertx vertx, MeterRegistry metrics, String name, Duration pause, Supplier<Future<Boolean>> round) {
        this.vertx = vertx;
        this.metrics = new LoopMetrics(name, pause, metrics, System::nanoTime);
        this.name = name;
        this.pause = pause;
        this.round = round;
    }

    synchronized Loop start() {
        schedule(false);
        return this;
    }

    /** Ends the pause, or follows the round under way with another. */
    synchronized void wake() {
        if (running) {
            woken = true;
        } else {
            schedule(true);
        }
    }

    /** Starts no further round; succeeds when the one under way is done. */
    synchronized Future<Void> stop() {
        stopping = true;
        vertx.cancelTimer(timer);
        if (!running) {
            ended.tryComplete();
        }
        return ended.future();
    }

    private void schedule(boolean now) {
        vertx.cancelTimer(timer);
        if (stopping) {
            ended.tryComplete();
        } else if (now) {
            running = true;
            vertx.runOnContext(turn -> run());
        } else {
            timer = vertx.setTimer(Math.max(1, pause.toMillis()), turn -> begin());
        }
    }

    private synchronized void begin() {
        if (!running) {
            schedule(true);
        }
    }

    private void run() {
        // Composed, so that a round which throws is a failed round and not the end of the loop.
        Future.succeededFuture()
                .compose(begun -> round.get())
                .onComplete(done -> metrics.ended(done.succeeded()))
                .otherwise(failure -> {
                    LOG.atWarn().addKeyValue("loop", name).setCause(failure).log("a round failed");
                    return false;
                })
                .onComplete(done -> finish(done.result()));
    }

    private synchronized void finish(boolean more) {
        running = false;
        boolean again = more || woken;
        woken = false;
        schedule(again);
    }
}
