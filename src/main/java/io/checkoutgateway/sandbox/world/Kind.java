package io.checkoutgateway.sandbox.world;

import java.util.Arrays;
import java.util.Optional;

/** What an account holds, with the word Stripe's errors use and the prefix of the ids. */
public enum Kind {
    SESSION("checkout.session", "cs_", "session"),
    CUSTOMER("customer", "cus_", "id"),
    SETUP_INTENT("setupintent", "seti_", "intent"),
    SETUP_ATTEMPT("setupattempt", "setatt_", "id"),
    PAYMENT_METHOD("PaymentMethod", "pm_", "payment_method"),
    PAYMENT_INTENT("payment_intent", "pi_", "intent"),
    SUBSCRIPTION("subscription", "sub_", "id"),
    PORTAL_SESSION("billing_portal.session", "bps_", "id"),
    PORTAL_CONFIGURATION("billing_portal.configuration", "bpc_", "configuration"),
    WEBHOOK_ENDPOINT("webhook endpoint", "we_", "id"),
    EVENT("event", "evt_", "id");

    private final String noun;
    private final String prefix;
    private final String pathParam;

    Kind(String noun, String prefix, String pathParam) {
        this.noun = noun;
        this.prefix = prefix;
        this.pathParam = pathParam;
    }

    /** The word in "No such customer". */
    public String noun() {
        return noun;
    }

    public String prefix() {
        return prefix;
    }

    /** What an error calls the id in the path. */
    public String pathParam() {
        return pathParam;
    }

    /** The kind an id belongs to, by its prefix. */
    public static Optional<Kind> ofId(String id) {
        return Arrays.stream(values())
                .filter(kind -> id.startsWith(kind.prefix))
                .findFirst();
    }
}
