package io.checkoutgateway.sandbox.resources;

import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/** Why a payment was refused, for the payer and for {@code last_setup_error}. */
public record Refusal(String code, @Nullable String declineCode, String message) {

    /** The bank asked for a second factor and did not get it. */
    static final Refusal UNAUTHENTICATED = new Refusal(
            "setup_intent_authentication_failure",
            null,
            "The latest attempt to set up the payment method has failed because authentication failed.");

    JsonObject toJson(JsonObject paymentMethod) {
        JsonObject error = new JsonObject().put("code", code);
        if (declineCode != null) {
            error.put("decline_code", declineCode);
        }
        return error.put("doc_url", "https://stripe.com/docs/error-codes/" + code.replace('_', '-'))
                .put("message", message)
                .put("payment_method", paymentMethod.copy())
                .put(
                        "type",
                        declineCode == null && code.startsWith("setup_intent")
                                ? "invalid_request_error"
                                : "card_error");
    }
}
