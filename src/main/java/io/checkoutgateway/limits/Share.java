package io.checkoutgateway.limits;

/**
 * A rate that several processes take from. It answers at once: what it has to ask others for, it asks on the side, and a
 * later look finds it.
 */
public interface Share {
    /** A process that counts for itself alone. */
    Share OWN = new Share() {
        @Override
        public boolean hasPlace(String whose) {
            return true;
        }

        @Override
        public void take(String whose) {}
    };

    /** Whether this process has a place now; one that has none asks for some. */
    boolean hasPlace(String whose);

    /** Takes a place that {@link #hasPlace} has just told of. */
    void take(String whose);
}
