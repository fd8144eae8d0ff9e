package io.checkoutgateway.sandbox.resources;

import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.UUID;

/**
 * A card as typed on the page. The number stays in this object's memory only until the answer: objects show the last
 * four digits.
 *
 * @param number digits only
 * @param year four digits
 */
public record Card(Payer payer, String number, int month, int year) implements Payment {

    /** What the bank says to a card. */
    public enum Fate {
        ACCEPTED,
        DECLINED,
        CHALLENGED
    }

    /** Stripe's documented test numbers that are refused, with the reason a bank gives. */
    private static final Map<String, String> DECLINES = Map.of(
            "4000000000000002", "generic_decline",
            "4000000000009995", "insufficient_funds",
            "4000000000009987", "lost_card",
            "4000000000000069", "expired_card",
            "4000000000000127", "incorrect_cvc",
            "4000000000000119", "processing_error");

    private static final Map<String, String> MESSAGES = Map.of(
            "insufficient_funds", "Your card has insufficient funds.",
            "expired_card", "Your card has expired.",
            "incorrect_cvc", "Your card's security code is incorrect.",
            "processing_error", "An error occurred while processing your card. Try again in a little bit.");

    /** Documented test numbers that ask the bank for a second factor. */
    private static final java.util.Set<String> CHALLENGES =
            java.util.Set.of("4000002760003184", "4000002500003155", "4000000000003220");

    public Fate fate() {
        if (DECLINES.containsKey(number)) {
            return Fate.DECLINED;
        }
        return CHALLENGES.contains(number) ? Fate.CHALLENGED : Fate.ACCEPTED;
    }

    /** Why the bank refuses it; only for a declined card. */
    Refusal refusal() {
        String reason = DECLINES.getOrDefault(number, "generic_decline");
        boolean ownCode =
                reason.equals("expired_card") || reason.equals("incorrect_cvc") || reason.equals("processing_error");
        return new Refusal(
                ownCode ? reason : "card_declined",
                ownCode ? null : reason,
                MESSAGES.getOrDefault(reason, "Your card was declined."));
    }

    @Override
    public String type() {
        return "card";
    }

    @Override
    public JsonObject details() {
        String brand = brand();
        String fingerprint = UUID.nameUUIDFromBytes(number.getBytes(StandardCharsets.UTF_8))
                .toString()
                .replace("-", "")
                .substring(0, 16);
        return new JsonObject()
                .put("brand", brand)
                .put(
                        "checks",
                        new JsonObject()
                                .put("address_line1_check", null)
                                .put("address_postal_code_check", null)
                                .put("cvc_check", "pass"))
                .put("country", "US")
                .put("display_brand", brand)
                .put("exp_month", month)
                .put("exp_year", year)
                .put("fingerprint", fingerprint)
                .put("funding", "credit")
                .put("generated_from", null)
                .put("last4", number.substring(number.length() - 4))
                .put(
                        "networks",
                        new JsonObject()
                                .put("available", new io.vertx.core.json.JsonArray().add(brand))
                                .put("preferred", null))
                .put("regulated_status", "unregulated")
                .put("three_d_secure_usage", new JsonObject().put("supported", true))
                .put("wallet", null);
    }

    private String brand() {
        if (number.startsWith("4")) {
            return "visa";
        }
        if (number.matches("(5[1-5]|2[2-7]).*")) {
            return "mastercard";
        }
        return number.matches("3[47].*") ? "amex" : "unknown";
    }

    /** Leaves out the number, so that no log can have it. */
    @Override
    public String toString() {
        return "Card[**** " + number.substring(Math.max(number.length() - 4, 0)) + "]";
    }
}
