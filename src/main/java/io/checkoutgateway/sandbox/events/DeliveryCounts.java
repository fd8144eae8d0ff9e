package io.checkoutgateway.sandbox.events;

/**
 * What one run of the deliveries did.
 *
 * @param delivered answered with 2xx
 * @param postponed failed, to be tried again
 * @param failed failed for good
 */
public record DeliveryCounts(int delivered, int postponed, int failed) {
    static final DeliveryCounts ZERO = new DeliveryCounts(0, 0, 0);

    DeliveryCounts plus(int moreDelivered, int morePostponed, int moreFailed) {
        return new DeliveryCounts(delivered + moreDelivered, postponed + morePostponed, failed + moreFailed);
    }

    DeliveryCounts minus(DeliveryCounts other) {
        return plus(-other.delivered, -other.postponed, -other.failed);
    }
}
