package io.checkoutgateway.outgoing;

import io.checkoutgateway.outgoing.DeliveryStore.Claim;
import io.checkoutgateway.outgoing.DeliveryStore.Due;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The messages under way to endpoints of one kind, and the room that is left for more. */
final class Lane {
    private final boolean failing;
    private final int slots;
    private final int each;
    private final Map<String, Integer> underWay = new HashMap<>();
    private int used;

    /**
     * @param failing whether it is for endpoints whose last attempt failed
     * @param slots how many messages at once
     * @param each how many of them to one endpoint
     */
    Lane(boolean failing, int slots, int each) {
        this.failing = failing;
        this.slots = slots;
        this.each = each;
    }

    /** What there is room for; an endpoint is left alone until everything that is under way to it is done. */
    synchronized Claim claim(Duration lease) {
        return new Claim(failing, List.copyOf(underWay.keySet()), each, Math.max(0, slots - used), lease);
    }

    synchronized void enter(Due due) {
        used++;
        underWay.merge(due.endpointId(), 1, Integer::sum);
    }

    /** Tells whether something that had to wait may begin now: others, or more to this endpoint. */
    synchronized boolean leave(Due due) {
        boolean wasFull = used == slots;
        used--;
        return underWay.computeIfPresent(due.endpointId(), (id, count) -> count == 1 ? null : count - 1) == null
                || wasFull;
    }
}
