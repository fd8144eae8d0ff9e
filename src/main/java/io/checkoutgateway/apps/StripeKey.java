package io.checkoutgateway.apps;

import io.checkoutgateway.settings.Secret;
import io.checkoutgateway.settings.StripeSettings;

/** A key of Stripe's, and what may be told of it. */
public record StripeKey(Secret secret) {
    private static final int SHOWN_FIRST = 8;
    private static final int SHOWN_LAST = 3;

    /** Whether it moves real money. */
    public boolean livemode() {
        return StripeSettings.livemode(secret);
    }

    /** The kind of key and its end, by which people recognise it; nothing of one that is too short to hide the rest. */
    public String masked() {
        String text = secret.reveal();
        return text.length() <= SHOWN_FIRST + SHOWN_LAST
                ? "***"
                : text.substring(0, SHOWN_FIRST) + "***" + text.substring(text.length() - SHOWN_LAST);
    }
}
