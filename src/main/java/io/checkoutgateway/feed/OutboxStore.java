package io.checkoutgateway.feed;

import io.vertx.core.Future;
import java.time.Duration;

/** Where changes wait that were written down with what they changed, and are not in the feed yet. */
public interface OutboxStore {

    /** How many changes wait; counts no further than {@code most}. */
    Future<Integer> waiting(int most);

    /**
     * Moves the changes that wait longest to the end of the feed and announces that, all of it or nothing. Replicas take
     * turns: while another one is at it, nothing is moved.
     */
    Future<Published> publish(int most);

    /**
     * What was moved.
     *
     * @param count how many changes
     * @param oldest how long the oldest of them had waited
     */
    record Published(int count, Duration oldest) {}
}
