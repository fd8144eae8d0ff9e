package io.checkoutgateway.sandbox.resources;

import io.vertx.core.json.JsonObject;

/** What the payer wants to pay with. */
public sealed interface Payment permits Card, BankDebit {
    Payer payer();

    /** Stripe's name for this kind, such as {@code card}. */
    String type();

    /** What Stripe shows of it. */
    JsonObject details();
}
