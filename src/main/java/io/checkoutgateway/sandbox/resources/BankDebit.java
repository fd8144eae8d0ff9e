package io.checkoutgateway.sandbox.resources;

import io.vertx.core.json.JsonObject;

/** A debit the bank decides about days later. */
public record BankDebit(Payer payer, String type) implements Payment {
    @Override
    public JsonObject details() {
        return new JsonObject().put("fingerprint", "SandboxDebit0001").put("last4", "3000");
    }
}
