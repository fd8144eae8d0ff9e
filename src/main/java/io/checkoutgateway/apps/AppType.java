package io.checkoutgateway.apps;

import java.util.Locale;

/** The kinds of apps that can be installed. OpenMeter's {@code external_invoicing} has no meaning here. */
public enum AppType {
    /** An account at Stripe. */
    STRIPE,
    /** An account at the gateway's own stand-in of Stripe. */
    SANDBOX;

    /** The contract's word, which is the database's too. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
