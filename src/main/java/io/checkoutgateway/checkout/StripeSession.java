package io.checkoutgateway.checkout;

import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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
    private final CheckoutStatus unsaid;

    private StripeSession(JsonObject object, CheckoutStatus unsaid) {
        this.object = object;
        this.unsaid = unsaid;
    }

    /**
     * Reads a session object. One that says no status is open, unless it is paid.
     *
     * @param object as Stripe wrote it; not changed
     * @throws IllegalArgumentException when it is not a Checkout Session with id, mode and creation time
     */
    public static StripeSession of(JsonObject object) {
        boolean whole = "checkout.session".equals(object.getValue("object"))
                && object.getValue("id") instanceof String
                && object.getValue("mode") instanceof String
                && Members.time(object, "created") != null;
        if (!whole) {
            throw new IllegalArgumentException("This is not a Checkout Session object with id, mode and created");
        }
        JsonObject collapsed = object.copy();
        REFERENCES.forEach(name -> collapse(collapsed, name));
        return new StripeSession(collapsed, CheckoutStatus.OPEN);
    }

    /** The same as it was at this time: one that says no status has expired if its time was over then. */
    public StripeSession seenAt(Instant asOf) {
        Instant end = expiresAt();
        return end == null || asOf.isBefore(end) ? this : otherwise(CheckoutStatus.EXPIRED);
    }

    /** The same, of which is known what it is if it says no status. */
    public StripeSession otherwise(CheckoutStatus known) {
        return new StripeSession(object, known);
    }

    private static void collapse(JsonObject object, String name) {
        if (object.getValue(name) instanceof JsonObject expanded) {
            object.put(name, Members.text(expanded, "id"));
        }
    }

    /** Stripe's own object, with references as ids; must not be changed. */
    public JsonObject object() {
        return object;
    }

    /** {@code cs_test_…} or {@code cs_live_…}. */
    public String id() {
        return String.valueOf(object.getValue("id"));
    }

    /** Open, complete or expired, also where it {@linkplain #saysStatus() says} none. */
    public CheckoutStatus status() {
        String said = Members.text(object, "status");
        if (said != null) {
            return CheckoutStatus.ofStripe(said);
        }
        return "paid".equals(paymentStatus()) ? CheckoutStatus.COMPLETE : unsaid;
    }

    /** Whether it says a status; by Stripe's own types it need not, and what is older than the member has none. */
    public boolean saysStatus() {
        return Members.text(object, "status") != null;
    }

    public @Nullable String paymentStatus() {
        return Members.text(object, "payment_status");
    }

    /** Whether nothing is owed for it any more. */
    public boolean isPaid() {
        return !"unpaid".equals(paymentStatus());
    }

    public String mode() {
        return String.valueOf(object.getValue("mode"));
    }

    /** Whether it has line items: every mode but {@code setup} has. */
    public boolean sells() {
        return !mode().equals("setup");
    }

    /** As the billing API says it: {@code hosted} or {@code embedded}; other values as Stripe says them. */
    public @Nullable String uiMode() {
        String mode = Members.text(object, "ui_mode");
        if (mode == null) {
            return null;
        }
        return switch (mode) {
            case "hosted_page" -> "hosted";
            case "embedded_page" -> "embedded";
            default -> mode;
        };
    }

    /** Where it does not say so itself, its id does. */
    public boolean livemode() {
        return object.getValue("livemode") instanceof Boolean live ? live : id().startsWith("cs_live_");
    }

    /** Present only while the session is open and hosted. */
    public @Nullable String url() {
        return Members.text(object, "url");
    }

    /** Present for embedded sessions. A secret: whoever has it can finish the session. */
    public @Nullable String clientSecret() {
        return Members.text(object, "client_secret");
    }

    /** Upper-case ISO 4217, as the billing API has it. */
    public @Nullable String currency() {
        String currency = Members.text(object, "currency");
        return currency == null ? null : currency.toUpperCase(java.util.Locale.ROOT);
    }

    /** In the currency's smallest unit. */
    public @Nullable Long amountSubtotal() {
        return Members.number(object, "amount_subtotal");
    }

    /** In the currency's smallest unit. */
    public @Nullable Long amountTotal() {
        return Members.number(object, "amount_total");
    }

    public @Nullable String customer() {
        return Members.text(object, "customer");
    }

    public @Nullable String setupIntent() {
        return Members.text(object, "setup_intent");
    }

    public @Nullable String paymentIntent() {
        return Members.text(object, "payment_intent");
    }

    public @Nullable String subscription() {
        return Members.text(object, "subscription");
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
        return Members.text(object, "client_reference_id");
    }

    /** What was given for the customer, or what the page collected. */
    public @Nullable String customerEmail() {
        String given = Members.text(object, "customer_email");
        if (given != null) {
            return given;
        }
        return Members.text(Members.object(object, "customer_details"), "email");
    }

    public @Nullable String successUrl() {
        return Members.text(object, "success_url");
    }

    public @Nullable String cancelUrl() {
        return Members.text(object, "cancel_url");
    }

    public @Nullable String returnUrl() {
        return Members.text(object, "return_url");
    }

    public @Nullable String locale() {
        return Members.text(object, "locale");
    }

    public @Nullable String billingAddressCollection() {
        return Members.text(object, "billing_address_collection");
    }

    public @Nullable String submitType() {
        return Members.text(object, "submit_type");
    }

    public List<String> paymentMethodTypes() {
        return Members.list(object, "payment_method_types").stream()
                .map(String::valueOf)
                .toList();
    }

    /** All metadata, the gateway's own included. */
    public Map<String, String> metadata() {
        Map<String, String> metadata = new LinkedHashMap<>();
        Members.object(object, "metadata")
                .forEach(entry -> metadata.put(entry.getKey(), String.valueOf(entry.getValue())));
        return metadata;
    }

    public Instant created() {
        return Objects.requireNonNull(Members.time(object, "created"));
    }

    public @Nullable Instant expiresAt() {
        return Members.time(object, "expires_at");
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
