package io.checkoutgateway.checkout;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What Stripe says about one session. The object itself is the truth and is kept whole, so that a member or a value
 * that Stripe adds tomorrow is neither lost nor in the way; the accessors name what the gateway works with.
 *
 * <p>Source: Stripe API reference, "The Checkout Session object".
 */
public final class StripeSession {
    /** Members that are ids, and objects when the reader asked Stripe to expand them. */
    private static final List<String> REFERENCES =
            List.of("customer", "setup_intent", "payment_intent", "subscription", "payment_link", "invoice");

    private final JsonObject object;

    private StripeSession(JsonObject object) {
        this.object = object;
    }

    /**
     * Reads a session object.
     *
     * @param object as Stripe wrote it; not changed
     * @throws IllegalArgumentException when it is not a Checkout Session with id, mode and creation time
     */
    public static StripeSession of(JsonObject object) {
        boolean whole = "checkout.session".equals(object.getValue("object"))
                && object.getValue("id") instanceof String
                && object.getValue("mode") instanceof String
                && object.getValue("created") instanceof Number;
        if (!whole) {
            throw new IllegalArgumentException("This is not a Checkout Session object with id, mode and created");
        }
        JsonObject collapsed = object.copy();
        REFERENCES.forEach(name -> collapse(collapsed, name));
        return new StripeSession(collapsed);
    }

    private static void collapse(JsonObject object, String name) {
        if (object.getValue(name) instanceof JsonObject expanded) {
            object.put(name, expanded.getString("id"));
        }
    }

    /** Stripe's own object, with references as ids; must not be changed. */
    public JsonObject object() {
        return object;
    }

    /** {@code cs_test_…} or {@code cs_live_…}. */
    public String id() {
        return object.getString("id");
    }

    /** Open, complete or expired; Stripe leaves it out of very old objects. */
    public CheckoutStatus status() {
        return CheckoutStatus.ofStripe(object.getString("status", "open"));
    }

    public @Nullable String paymentStatus() {
        return object.getString("payment_status");
    }

    /** Whether nothing is owed for it any more. */
    public boolean isPaid() {
        return !"unpaid".equals(paymentStatus());
    }

    public String mode() {
        return object.getString("mode");
    }

    /** Whether it has line items: every mode but {@code setup} has. */
    public boolean sells() {
        return !mode().equals("setup");
    }

    /** As the billing API says it: {@code hosted} or {@code embedded}; other values as Stripe says them. */
    public @Nullable String uiMode() {
        String mode = object.getString("ui_mode");
        if (mode == null) {
            return null;
        }
        return switch (mode) {
            case "hosted_page" -> "hosted";
            case "embedded_page" -> "embedded";
            default -> mode;
        };
    }

    public boolean livemode() {
        return object.getBoolean("livemode", false);
    }

    /** Present only while the session is open and hosted. */
    public @Nullable String url() {
        return object.getString("url");
    }

    /** Present for embedded sessions. A secret: whoever has it can finish the session. */
    public @Nullable String clientSecret() {
        return object.getString("client_secret");
    }

    /** Upper-case ISO 4217, as the billing API has it. */
    public @Nullable String currency() {
        String currency = object.getString("currency");
        return currency == null ? null : currency.toUpperCase(java.util.Locale.ROOT);
    }

    /** In the currency's smallest unit. */
    public @Nullable Long amountSubtotal() {
        return object.getLong("amount_subtotal");
    }

    /** In the currency's smallest unit. */
    public @Nullable Long amountTotal() {
        return object.getLong("amount_total");
    }

    public @Nullable String customer() {
        return object.getString("customer");
    }

    public @Nullable String setupIntent() {
        return object.getString("setup_intent");
    }

    public @Nullable String paymentIntent() {
        return object.getString("payment_intent");
    }

    public @Nullable String subscription() {
        return object.getString("subscription");
    }

    /** What it is paid through: its PaymentIntent or its Subscription; {@code null} in setup mode and before that. */
    public @Nullable String payment() {
        return switch (mode()) {
            case "setup" -> null;
            case "subscription" -> subscription();
            default -> paymentIntent();
        };
    }

    public @Nullable String clientReferenceId() {
        return object.getString("client_reference_id");
    }

    /** What was given for the customer, or what the page collected. */
    public @Nullable String customerEmail() {
        String given = object.getString("customer_email");
        if (given != null) {
            return given;
        }
        JsonObject details = object.getJsonObject("customer_details");
        return details == null ? null : details.getString("email");
    }

    public @Nullable String successUrl() {
        return object.getString("success_url");
    }

    public @Nullable String cancelUrl() {
        return object.getString("cancel_url");
    }

    public @Nullable String returnUrl() {
        return object.getString("return_url");
    }

    public @Nullable String locale() {
        return object.getString("locale");
    }

    public @Nullable String billingAddressCollection() {
        return object.getString("billing_address_collection");
    }

    public @Nullable String submitType() {
        return object.getString("submit_type");
    }

    public List<String> paymentMethodTypes() {
        JsonArray types = object.getJsonArray("payment_method_types", new JsonArray());
        return types.stream().map(String::valueOf).toList();
    }

    /** All metadata, the gateway's own included. */
    public Map<String, String> metadata() {
        Map<String, String> metadata = new LinkedHashMap<>();
        JsonObject given = object.getJsonObject("metadata");
        if (given != null) {
            given.forEach(entry -> metadata.put(entry.getKey(), String.valueOf(entry.getValue())));
        }
        return metadata;
    }

    public Instant created() {
        return Instant.ofEpochSecond(object.getLong("created"));
    }

    public @Nullable Instant expiresAt() {
        Long seconds = object.getLong("expires_at");
        return seconds == null ? null : Instant.ofEpochSecond(seconds);
    }

    /** Whether both say the same, see {@link Members}. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof StripeSession session && Members.same(object, session.object);
    }

    @Override
    public int hashCode() {
        return id().hashCode();
    }

    /** The id only: the object holds links and secrets. */
    @Override
    public String toString() {
        return id();
    }
}
