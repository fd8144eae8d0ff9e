package io.checkoutgateway.sandbox.resources;

import io.checkoutgateway.sandbox.wire.Metadata;
import io.checkoutgateway.sandbox.world.World;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Writes a new session as Stripe shows it: the 58 members that are always there, null or not, and those that are
 * there only when they apply (stripe-semantics, section 1.3).
 */
final class SessionObject {
    /** What a session lives when the caller does not say; real ones have a second less as often as not. */
    private static final long DEFAULT_SECONDS = SessionRules.LONGEST_SECONDS;

    /** There whatever came, null unless something else is said below. */
    private static final List<String> NULLABLE = List.of(
            """
            adaptive_pricing after_expiration allow_promotion_codes amount_subtotal amount_total
            billing_address_collection cancel_url client_reference_id client_secret collected_information consent
            consent_collection currency currency_conversion customer customer_account customer_creation
            customer_details customer_email discounts integration_identifier invoice invoice_creation locale
            managed_payments origin_context payment_intent payment_link payment_method_collection
            payment_method_configuration_details payment_method_options permissions recovered_from
            saved_payment_method_options setup_intent shipping_address_collection shipping_cost submit_type
            subscription success_url total_details url wallet_options"""
                    .split("\\s+"));

    /** Given back as they came. */
    private static final List<String> ECHOED = List.of(
            "billing_address_collection",
            "cancel_url",
            "client_reference_id",
            "customer",
            "customer_account",
            "customer_email",
            "integration_identifier",
            "locale",
            "origin_context",
            "permissions",
            "saved_payment_method_options",
            "shipping_address_collection",
            "submit_type",
            "success_url",
            "wallet_options",
            "allow_promotion_codes",
            "discounts",
            "invoice_creation");

    /** There only when they came. */
    private static final List<String> PRESENT_IF_SENT = List.of(
            "excluded_payment_method_types",
            "name_collection",
            "optional_items",
            "phone_number_collection",
            "return_url",
            "tax_id_collection");

    private final World world;

    SessionObject(World world) {
        this.world = world;
    }

    /**
     * A new, open session without intent, address or line items.
     *
     * @param customer whom it is for, if anybody
     */
    JsonObject create(JsonObject params, @Nullable JsonObject customer) {
        String mode = params.getString("mode");
        long now = world.clock().seconds();
        JsonObject session = world.object(world.ids().session(mode), "checkout.session");
        NULLABLE.forEach(name -> session.put(name, null));
        echo(params, session);
        session.put("created", now)
                .put("expires_at", params.getLong("expires_at", now + DEFAULT_SECONDS))
                .put("livemode", false)
                .put("metadata", Metadata.merge(new JsonObject(), params.getJsonObject("metadata", new JsonObject())))
                .put("mode", mode)
                .put("payment_status", mode.equals("setup") ? "no_payment_required" : "unpaid")
                .put("status", "open")
                .put("payment_method_collection", collection(params, mode));
        money(params, session);
        methods(params, session);
        person(params, session, customer);
        page(params, session);
        if (!mode.equals("setup")) {
            SellingMembers.write(params, session);
        }
        return session;
    }

    private static void echo(JsonObject params, JsonObject session) {
        ECHOED.forEach(name -> session.put(name, params.getValue(name)));
        PRESENT_IF_SENT.stream().filter(params::containsKey).forEach(name -> session.put(name, params.getValue(name)));
    }

    private static void money(JsonObject params, JsonObject session) {
        String currency = params.getString("currency");
        if (currency != null) {
            session.put("currency", currency.toLowerCase(Locale.ROOT))
                    .put("amount_subtotal", 0L)
                    .put("amount_total", 0L);
        }
        JsonObject tax = Requests.object(params, "automatic_tax");
        session.put(
                "automatic_tax",
                new JsonObject()
                        .put("enabled", tax.getBoolean("enabled", false))
                        .put("liability", tax.getValue("liability"))
                        .put("provider", null)
                        .put("status", null));
    }

    private static void methods(JsonObject params, JsonObject session) {
        JsonArray given = Requests.array(params, "payment_method_types");
        boolean dynamic = given.isEmpty();
        List<Object> types = new ArrayList<>(dynamic ? PaymentMethodTypes.DYNAMIC : given.getList());
        types.removeAll(Requests.array(params, "excluded_payment_method_types").getList());
        session.put("payment_method_types", new JsonArray(types));
        if (dynamic) {
            String configuration = params.getString("payment_method_configuration", "pmc_1SandboxDefault");
            session.put(
                    "payment_method_configuration_details",
                    new JsonObject().put("id", configuration).put("parent", null));
        }
        JsonObject options = Requests.object(params, "payment_method_options");
        if (types.contains("card")) {
            JsonObject card = new JsonObject().put("request_three_d_secure", "automatic");
            options.put("card", card.mergeIn(Requests.object(options, "card")));
        }
        session.put("payment_method_options", options);
        boolean managed = Requests.object(params, "managed_payments").getBoolean("enabled", false);
        session.put("managed_payments", new JsonObject().put("enabled", managed));
    }

    private static void person(JsonObject params, JsonObject session, @Nullable JsonObject customer) {
        if (customer == null) {
            String creation = session.getString("mode").equals("subscription") ? "always" : "if_required";
            session.put("customer_creation", params.getString("customer_creation", creation));
        }
        String email = customer == null ? params.getString("customer_email") : customer.getString("email");
        if (customer != null || email != null) {
            session.put("customer_details", details(email, customer == null ? null : customer.getString("name")));
        }
    }

    /** Who pays, as far as it is known. */
    static JsonObject details(@Nullable String email, @Nullable String name) {
        return new JsonObject()
                .put("address", null)
                .put("business_name", null)
                .put("email", email)
                .put("individual_name", null)
                .put("name", name)
                .put("phone", null)
                .put("tax_exempt", "none")
                .put("tax_ids", new JsonArray());
    }

    private static void page(JsonObject params, JsonObject session) {
        String ui = params.getString("ui_mode", "hosted_page");
        session.put("ui_mode", ui);
        if (ui.equals("embedded_page")) {
            session.put("redirect_on_completion", params.getString("redirect_on_completion", "always"));
        }
        session.put("custom_fields", customFields(params));
        JsonObject texts = new JsonObject()
                .put("after_submit", null)
                .put("shipping_address", null)
                .put("submit", null)
                .put("terms_of_service_acceptance", null);
        session.put("custom_text", texts.mergeIn(Requests.object(params, "custom_text")));
        session.put("shipping_options", new JsonArray());
        if (ui.equals("hosted_page") || ui.equals("embedded_page")) {
            session.put("branding_settings", branding().mergeIn(Requests.object(params, "branding_settings"), true));
        }
        consent(params, session);
        JsonObject recovery = Requests.object(Requests.object(params, "after_expiration"), "recovery");
        if (!recovery.isEmpty()) {
            JsonObject shown = new JsonObject()
                    .put("allow_promotion_codes", false)
                    .put("expires_at", null)
                    .put("url", null);
            session.put("after_expiration", new JsonObject().put("recovery", shown.mergeIn(recovery)));
        }
    }

    private static void consent(JsonObject params, JsonObject session) {
        if (params.getValue("consent_collection") != null) {
            JsonObject collection = new JsonObject()
                    .put("payment_method_reuse_agreement", null)
                    .put("promotions", "none")
                    .put("terms_of_service", "none");
            session.put("consent_collection", collection.mergeIn(Requests.object(params, "consent_collection")));
            session.put("consent", new JsonObject().put("promotions", null).put("terms_of_service", null));
        }
    }

    private static JsonArray customFields(JsonObject params) {
        JsonArray shown = new JsonArray();
        for (Object sent : Requests.array(params, "custom_fields")) {
            JsonObject field = ((JsonObject) sent).copy();
            String type = field.getString("type");
            JsonObject kind = Requests.object(field, type).put("value", null);
            shown.add(field.put("optional", field.getBoolean("optional", false)).put(type, kind));
        }
        return shown;
    }

    private static JsonObject branding() {
        return new JsonObject()
                .put("background_color", "#ffffff")
                .put("border_style", "rounded")
                .put("button_color", "#0074d4")
                .put("display_name", "Sandbox shop")
                .put("font_family", "default")
                .put("icon", null)
                .put("logo", null);
    }

    private static @Nullable String collection(JsonObject params, String mode) {
        return mode.equals("payment") ? "if_required" : params.getString("payment_method_collection", "always");
    }
}
