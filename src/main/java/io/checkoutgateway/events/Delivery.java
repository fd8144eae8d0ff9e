package io.checkoutgateway.events;

import java.util.Locale;
import java.util.Map;

/**
 * How an event came.
 *
 * @param headers those that matter when a delivery is looked into, by their names in lower case
 */
public record Delivery(Origin origin, Map<String, String> headers) {

    /** The ways on which events come. */
    public enum Origin {
        /** Stripe delivered it. */
        WEBHOOK,
        /** Stripe could not deliver it, and it was asked for. */
        CATCH_UP;

        /** The word that the API and the table use. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public Delivery {
        headers = Map.copyOf(headers);
    }

    /** A delivery of Stripe's. */
    public static Delivery webhook(Map<String, String> headers) {
        return new Delivery(Origin.WEBHOOK, headers);
    }

    /** An event that Stripe was asked for. */
    public static Delivery caughtUp() {
        return new Delivery(Origin.CATCH_UP, Map.of());
    }
}
