package io.checkoutgateway.checkout;

import io.checkoutgateway.failure.GatewayException;
import io.checkoutgateway.failure.Reason;
import java.util.Locale;

/**
 * Where a session is in its life: {@code creating → open → complete | expired}, or {@code creating → failed}. The
 * last three are final.
 */
public enum CheckoutStatus {
    /** Remembered here; Stripe has not answered yet. */
    CREATING,
    /** Stripe's page waits for the customer. */
    OPEN,
    /** The customer finished. */
    COMPLETE,
    /** The time ran out, or someone ended it. */
    EXPIRED,
    /** Stripe never opened it. */
    FAILED;

    /** Whether nothing can follow. */
    public boolean terminal() {
        return this == COMPLETE || this == EXPIRED || this == FAILED;
    }

    /** The word that the API and the table use. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The status that a word of Stripe's means; one that Stripe adds tomorrow leaves the session open. */
    static CheckoutStatus ofStripe(String word) {
        return switch (word) {
            case "complete" -> COMPLETE;
            case "expired" -> EXPIRED;
            default -> OPEN;
        };
    }

    /** The status of this word of the table. */
    public static CheckoutStatus of(String word) {
        for (CheckoutStatus status : values()) {
            if (status.word().equals(word)) {
                return status;
            }
        }
        throw new GatewayException(Reason.INTERNAL, "A session has a status that is not known: " + word);
    }
}
