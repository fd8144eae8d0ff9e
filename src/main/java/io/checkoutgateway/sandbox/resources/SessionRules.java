package io.checkoutgateway.sandbox.resources;

import io.checkoutgateway.sandbox.wire.StripeError;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** What a new session's parameters must be to one another (stripe-semantics, sections 1.1 and 1.2). */
final class SessionRules {
    static final long SHORTEST_SECONDS = 30 * 60;
    static final long LONGEST_SECONDS = 24 * 60 * 60;

    private static final List<String> NOT_IN_SETUP = List.of(
            "line_items",
            "optional_items",
            "allow_promotion_codes",
            "discounts",
            "invoice_creation",
            "payment_intent_data",
            "subscription_data",
            "payment_method_collection",
            "submit_type",
            "saved_payment_method_options",
            "phone_number_collection");

    /** What belongs to one mode only. */
    private static final Map<String, String> OWN_DATA = Map.of(
            "setup_intent_data", "setup",
            "payment_intent_data", "payment",
            "invoice_creation", "payment",
            "payment_method_collection", "subscription",
            "subscription_data", "subscription");

    private static final Set<String> CURRENCIES = java.util.Currency.getAvailableCurrencies().stream()
            .map(currency -> currency.getCurrencyCode().toLowerCase(Locale.ROOT))
            .collect(Collectors.toUnmodifiableSet());

    private SessionRules() {}

    /**
     * Refuses what Stripe refuses whatever else exists.
     *
     * @param now in Unix seconds
     */
    static void check(JsonObject params, long now) {
        modes(params);
        if (!params.getString("mode").equals("setup")) {
            SaleRules.check(params, now);
        }
        urls(params);
        exclusive(params, "customer", "customer_email");
        exclusive(params, "customer", "customer_account");
        exclusive(params, "customer", "customer_creation");
        exclusive(params, "payment_method_types", "excluded_payment_method_types");
        exclusive(params, "payment_method_types", "payment_method_configuration");
        if (has(params, "customer_update") && !has(params, "customer") && !has(params, "customer_account")) {
            throw StripeError.parameter("`customer_update` can only be used with `customer`.", "customer_update");
        }
        currency(params);
        expiry(params, now);
    }

    private static void modes(JsonObject params) {
        String mode = params.getString("mode");
        if (mode.equals("setup")) {
            NOT_IN_SETUP.forEach(name -> refuseInMode(params, name, mode));
        } else if (params.getJsonArray("line_items", new JsonArray()).isEmpty()) {
            throw StripeError.missing("line_items");
        }
        OWN_DATA.forEach((name, owner) -> {
            if (!owner.equals(mode)) {
                refuseInMode(params, name, mode);
            }
        });
        if (mode.equals("subscription")) {
            refuseInMode(params, "customer_creation", mode);
        }
    }

    private static void urls(JsonObject params) {
        String ui = params.getString("ui_mode", "hosted_page");
        if (ui.equals("hosted_page")) {
            if (!has(params, "success_url")) {
                throw StripeError.missing("success_url");
            }
            refuseInUi(params, "return_url", ui);
            refuseInUi(params, "redirect_on_completion", ui);
            return;
        }
        refuseInUi(params, "success_url", ui);
        refuseInUi(params, "cancel_url", ui);
        boolean never = "never".equals(params.getString("redirect_on_completion"));
        if (!ui.equals("embedded_page")) {
            refuseInUi(params, "redirect_on_completion", ui);
            List.of("custom_text", "custom_fields", "after_expiration").forEach(name -> refuseInUi(params, name, ui));
        }
        if (never && has(params, "return_url")) {
            throw StripeError.parameter(
                    "You can not pass `return_url` when `redirect_on_completion` is `never`.", "return_url");
        }
        if (!never && !has(params, "return_url")) {
            throw StripeError.missing("return_url");
        }
    }

    private static void currency(JsonObject params) {
        String currency = params.getString("currency");
        boolean dynamic =
                params.getJsonArray("payment_method_types", new JsonArray()).isEmpty();
        if (params.getString("mode").equals("setup") && dynamic && currency == null) {
            throw StripeError.missing("currency");
        }
        if (currency != null) {
            checkCurrency(currency, "currency");
        }
    }

    /** Refuses what is no ISO 4217 code. */
    static void checkCurrency(String currency, String param) {
        if (!CURRENCIES.contains(currency.toLowerCase(Locale.ROOT))) {
            throw StripeError.parameter(
                    "Invalid currency: " + currency + ". Stripe supports three-letter ISO codes, in lowercase.", param);
        }
    }

    private static void expiry(JsonObject params, long now) {
        Long expiresAt = params.getLong("expires_at");
        if (expiresAt != null && expiresAt < now + SHORTEST_SECONDS) {
            throw StripeError.parameter(
                    "The `expires_at` timestamp must be at least 30 minutes from Checkout Session creation.",
                    "expires_at");
        }
        if (expiresAt != null && expiresAt > now + LONGEST_SECONDS) {
            throw StripeError.parameter(
                    "The `expires_at` timestamp must be less than 24 hours from Checkout Session creation.",
                    "expires_at");
        }
    }

    /** Refuses two that cannot come together. */
    static void exclusive(JsonObject params, String one, String other) {
        if (has(params, one) && has(params, other)) {
            throw StripeError.parameter(
                            "You may only specify one of these parameters: " + one + ", " + other + ".", one)
                    .code("parameters_exclusive");
        }
    }

    private static void refuseInMode(JsonObject params, String name, String mode) {
        if (has(params, name)) {
            throw StripeError.parameter("You can not pass `" + name + "` in `" + mode + "` mode.", name);
        }
    }

    private static void refuseInUi(JsonObject params, String name, String ui) {
        if (has(params, name)) {
            throw StripeError.parameter("You can not pass `" + name + "` when `ui_mode` is `" + ui + "`.", name);
        }
    }

    private static boolean has(JsonObject params, String name) {
        Object value = params.getValue(name);
        return value != null && !(value instanceof JsonArray array && array.isEmpty());
    }
}
