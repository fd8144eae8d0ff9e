package io.checkoutgateway;

import io.checkoutgateway.events.EventLog;
import io.checkoutgateway.events.EventLog.Entry;
import io.checkoutgateway.listing.Stretch;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.TreeSet;
import java.util.function.Consumer;

/** Follows the inbox: tells of what came since it looked last, at once and once. */
final class EventTail {
    /**
     * Places are given to events before they are committed: one with a smaller number may appear after one with a
     * greater. What is older than this is committed, since by the presets no insert is let take so long.
     */
    static final Duration AGE = Duration.ofSeconds(15);

    /** How many events one look brings at most. */
    private static final int LOOK = 1_000;

    private final EventLog log;
    private final String namespace;
    private final EventLog.Filter filter;
    private final Consumer<Entry> told;
    private final Consumer<String> troubled;
    private final TreeSet<Long> young = new TreeSet<>();
    private long after;
    private boolean inTrouble;

    /**
     * @param after the place to begin after
     * @param told of each event
     * @param troubled of the first of several looks that fail
     */
    EventTail(
            EventLog log,
            String namespace,
            EventLog.Filter filter,
            long after,
            Consumer<Entry> told,
            Consumer<String> troubled) {
        this.log = log;
        this.namespace = namespace;
        this.filter = filter;
        this.after = after;
        this.told = told;
        this.troubled = troubled;
    }

    /** Looks again and again, until the process is ended; on a thread that may wait. */
    void follow(Vertx vertx, Duration interval) {
        while (true) {
            lookOn().await();
            vertx.timer(interval.toMillis()).await();
        }
    }

    /** Looks once; when that fails, the next look does what this one did not. */
    Future<Void> lookOn() {
        return runOnce().onSuccess(looked -> inTrouble = false).recover(failure -> {
            if (!inTrouble) {
                inTrouble = true;
                troubled.accept("The inbox cannot be looked at now, and is again and again: " + failure.getMessage());
            }
            return Future.succeededFuture();
        });
    }

    /** Tells of what there is and was not told yet. */
    Future<Void> runOnce() {
        return passOld().compose(passed -> tellYoung(after));
    }

    /** Goes past what is old enough: nothing appears there any more. */
    private Future<Void> passOld() {
        return look(after, AGE).compose(stretch -> {
            Long next = stretch.next();
            stretch.found().forEach(entry -> after = entry.row());
            after = next == null ? after : next;
            young.headSet(after, true).clear();
            return next == null ? Future.succeededFuture() : passOld();
        });
    }

    /** Looks through all the young again: any of them may have appeared behind one that was told of. */
    private Future<Void> tellYoung(long from) {
        return look(from, Duration.ZERO).compose(stretch -> {
            Long next = stretch.next();
            return next == null ? Future.succeededFuture() : tellYoung(next);
        });
    }

    private Future<Stretch<Entry>> look(long from, Duration age) {
        return log.list(namespace, filter, new EventLog.Part(false, from, LOOK, age))
                .onSuccess(stretch -> stretch.found().stream()
                        .filter(entry -> young.add(entry.row()))
                        .forEach(told));
    }
}
