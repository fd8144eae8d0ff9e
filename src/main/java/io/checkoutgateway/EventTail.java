package io.checkoutgateway;

import io.checkoutgateway.events.EventLog;
import io.checkoutgateway.listing.Stretch;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.function.Consumer;

/** Follows the inbox: tells of what came since it looked last. */
final class EventTail {
    /**
     * Places are given to events before they are committed: one with a smaller number may appear after one with a
     * greater. What is older than this is committed, since an insert takes milliseconds.
     */
    static final Duration AGE = Duration.ofSeconds(3);

    /** How many events one look brings at most; the next one follows at once when there were as many. */
    private static final int LOOK = 200;

    private final EventLog log;
    private final String namespace;
    private final EventLog.Filter filter;
    private final Consumer<EventLog.Entry> told;
    private long after;

    EventTail(EventLog log, String namespace, EventLog.Filter filter, long after, Consumer<EventLog.Entry> told) {
        this.log = log;
        this.namespace = namespace;
        this.filter = filter;
        this.after = after;
        this.told = told;
    }

    /** Looks again and again, until the process is ended or a look fails; on a thread that may wait. */
    void follow(Vertx vertx, Duration interval) {
        while (true) {
            if (!runOnce().await()) {
                vertx.timer(interval.toMillis()).await();
            }
        }
    }

    /** Looks once; tells whether there may be more at once. */
    Future<Boolean> runOnce() {
        return log.list(namespace, filter, new EventLog.Part(false, after, LOOK, AGE))
                .map(this::tell);
    }

    private boolean tell(Stretch<EventLog.Entry> stretch) {
        stretch.found().forEach(entry -> {
            told.accept(entry);
            after = entry.row();
        });
        Long next = stretch.next();
        if (next != null) {
            after = next;
        }
        return next != null;
    }
}
