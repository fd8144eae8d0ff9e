package io.checkoutgateway.sandbox.events;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The queue before one endpoint: what is due leaves in order, at most so many at once. */
final class Lane {
    private final Clock clock;
    private final int width;
    private final Function<Delivery, Future<Void>> attempt;
    private final PriorityQueue<Delivery> waiting =
            new PriorityQueue<>(Comparator.comparing(Delivery::due).thenComparing(Delivery::order));
    private int underWay;
    private @Nullable Promise<Void> idle;

    Lane(Clock clock, int width, Function<Delivery, Future<Void>> attempt) {
        this.clock = clock;
        this.width = width;
        this.attempt = attempt;
    }

    void add(Delivery delivery) {
        waiting.add(delivery);
    }

    /** Makes everything due now. */
    void hurry() {
        List<Delivery> all = new ArrayList<>(waiting);
        waiting.clear();
        all.forEach(delivery -> delivery.dueAt(java.time.Instant.EPOCH));
        waiting.addAll(all);
    }

    /** Sends what is due; completes when nothing is due and nothing is under way. */
    Future<Void> drain() {
        if (idle == null) {
            idle = Promise.promise();
        }
        Promise<Void> done = idle;
        step();
        return done.future();
    }

    private void step() {
        while (underWay < width && isDue()) {
            underWay++;
            attempt.apply(waiting.remove()).onComplete(sent -> {
                underWay--;
                step();
            });
        }
        if (underWay == 0 && idle != null) {
            Promise<Void> done = idle;
            idle = null;
            done.complete();
        }
    }

    private boolean isDue() {
        Delivery next = waiting.peek();
        return next != null && !next.due().isAfter(clock.instant());
    }
}
