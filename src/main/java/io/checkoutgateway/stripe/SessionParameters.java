package io.checkoutgateway.stripe;

import io.checkoutgateway.api.model.BillingAppStripeCheckoutSessionUIMode;
import io.checkoutgateway.api.model.BillingAppStripeCreateCheckoutSessionRequestOptions;
import io.checkoutgateway.apps.StripeApp;
import io.checkoutgateway.checkout.ReservedMetadata;
import io.checkoutgateway.customers.Customer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Says a caller's options in Stripe's words. Most members have the same name and values there; what is different stands
 * here, each in one method. (Stripe API reference, "Create a Checkout Session", version 2026-07-29.dahlia.)
 */
final class SessionParameters {
    /** Members that Stripe calls and values the same. */
    private static final List<String> ALIKE = List.of(
            "billing_address_collection",
            "cancel_url",
            "client_reference_id",
            "customer_update",
            "consent_collection",
            "custom_text",
            "locale",
            "return_url",
            "success_url",
            "redirect_on_completion");

    private SessionParameters() {}

    static JsonObject of(
            BillingAppStripeCreateCheckoutSessionRequestOptions options,
            String sessionId,
            StripeApp app,
            Customer customer,
            Instant expiresAt) {
        JsonObject given = JsonObject.mapFrom(options);
        JsonObject parameters = new JsonObject().put("mode", "setup");
        ALIKE.stream().filter(given::containsKey).forEach(name -> parameters.put(name, given.getValue(name)));
        putUiMode(parameters, options.getUiMode());
        putCurrency(parameters, options.getCurrency(), customer);
        putPaymentMethodTypes(parameters, given.getJsonArray("payment_method_types"));
        putTaxIdCollection(parameters, given.getJsonObject("tax_id_collection"));
        putMetadata(parameters, options.getMetadata(), sessionId, app, customer);
        // Accounts with Managed Payments on by default refuse other members unless it is switched off.
        parameters.put("managed_payments", new JsonObject().put("enabled", false));
        return parameters.put("expires_at", expiresAt.getEpochSecond());
    }

    /** The same parameters for one attempt and one Stripe customer; the given ones are left as they are. */
    static JsonObject bind(JsonObject parameters, String stripeCustomerId, int attempt) {
        JsonObject bound = parameters.copy().put("customer", stripeCustomerId);
        String counted = Integer.toString(attempt);
        bound.getJsonObject("metadata").put(ReservedMetadata.ATTEMPT, counted);
        bound.getJsonObject("setup_intent_data").getJsonObject("metadata").put(ReservedMetadata.ATTEMPT, counted);
        return bound;
    }

    /** Stripe renamed both in 2026-03-25.dahlia and refuses the old names since. */
    private static void putUiMode(JsonObject parameters, @Nullable BillingAppStripeCheckoutSessionUIMode mode) {
        boolean embedded = mode == BillingAppStripeCheckoutSessionUIMode.EMBEDDED;
        parameters.put("ui_mode", embedded ? "embedded_page" : "hosted_page");
    }

    /** Lower case at Stripe; the customer's own is the preset. */
    private static void putCurrency(JsonObject parameters, @Nullable String currency, Customer customer) {
        String chosen = currency == null ? customer.currency() : currency;
        if (chosen != null) {
            parameters.put("currency", chosen.toLowerCase(Locale.ROOT));
        }
    }

    /** The version after this one has no such parameter: its filter {@code allowed_payment_method_types} goes here. */
    private static void putPaymentMethodTypes(JsonObject parameters, @Nullable JsonArray types) {
        if (types != null && !types.isEmpty()) {
            parameters.put("payment_method_types", types);
        }
    }

    /** Stripe has no preset for {@code enabled}; the contract says {@code false}. */
    private static void putTaxIdCollection(JsonObject parameters, @Nullable JsonObject collection) {
        if (collection != null) {
            parameters.put(
                    "tax_id_collection", new JsonObject().put("enabled", false).mergeIn(collection));
        }
    }

    /**
     * On the session and on its SetupIntent: Stripe does not copy one to the other, and events of either kind must find
     * their way back.
     */
    private static void putMetadata(
            JsonObject parameters,
            @Nullable Map<String, String> callers,
            String sessionId,
            StripeApp app,
            Customer customer) {
        JsonObject metadata = new JsonObject();
        if (callers != null) {
            callers.forEach(metadata::put);
        }
        metadata.put(ReservedMetadata.NAMESPACE, app.namespace())
                .put(ReservedMetadata.APP_ID, app.id())
                .put(ReservedMetadata.CUSTOMER_ID, customer.id())
                .put(ReservedMetadata.SESSION_ID, sessionId);
        parameters.put("metadata", metadata);
        parameters.put("setup_intent_data", new JsonObject().put("metadata", metadata.copy()));
    }
}
