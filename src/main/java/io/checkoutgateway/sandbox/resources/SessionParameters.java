package io.checkoutgateway.sandbox.resources;

import static io.checkoutgateway.sandbox.wire.Shapes.choice;
import static io.checkoutgateway.sandbox.wire.Shapes.flag;
import static io.checkoutgateway.sandbox.wire.Shapes.list;
import static io.checkoutgateway.sandbox.wire.Shapes.open;
import static io.checkoutgateway.sandbox.wire.Shapes.orEmpty;
import static io.checkoutgateway.sandbox.wire.Shapes.text;
import static io.checkoutgateway.sandbox.wire.Shapes.url;
import static io.checkoutgateway.sandbox.wire.Shapes.whole;

import io.checkoutgateway.sandbox.http.Lists;
import io.checkoutgateway.sandbox.wire.Fields;
import io.checkoutgateway.sandbox.wire.Metadata;
import io.checkoutgateway.sandbox.wire.Shape;

/** The parameters of checkout sessions as of 2026-07-29.dahlia (stripe-semantics, section 1.1). */
final class SessionParameters {
    private static final int MAX_CUSTOM_TEXT = 1_200;
    private static final int MAX_REFERENCE = 200;
    private static final int MAX_CUSTOM_FIELDS = 3;
    private static final int MAX_OPTIONS = 200;
    private static final int MAX_LABEL = 50;
    private static final int MAX_TYPES = 60;

    private static final String[] LOCALES = ("auto bg cs da de el en en-GB es es-419 et fi fil fr fr-CA hr hu id it ja "
                    + "ko lt lv ms mt nb nl pl pt pt-BR ro ru sk sl sv th tr vi zh zh-HK zh-TW")
            .split(" ");

    private static final Shape METHOD_TYPE = choice(PaymentMethodTypes.ALL.toArray(String[]::new));
    private static final Fields ENABLED = Fields.none().required("enabled", flag());
    private static final Fields MESSAGE = Fields.none().required("message", text(MAX_CUSTOM_TEXT));
    private static final Shape CUSTOM_MESSAGE = orEmpty(MESSAGE);
    private static final Fields NAME_PART = ENABLED.optional("optional", flag());

    /** Whom and what the session is for. */
    private static final Fields WHO = Fields.none()
            .required("mode", choice("payment", "setup", "subscription"))
            .optional("customer", text())
            .optional("customer_account", text())
            .optional("customer_email", text(800))
            .optional("customer_creation", choice("always", "if_required"))
            .optional(
                    "customer_update",
                    Fields.none()
                            .optional("address", choice("auto", "never"))
                            .optional("name", choice("auto", "never"))
                            .optional("shipping", choice("auto", "never")))
            .optional("client_reference_id", text(MAX_REFERENCE))
            .optional("metadata", Metadata.shape())
            .optional("integration_identifier", text(MAX_REFERENCE))
            .optional("expires_at", whole());

    /** Where the customer sees it and where he goes afterwards. */
    private static final Fields WHERE = Fields.none()
            .optional("ui_mode", choice("elements", "embedded_page", "form", "hosted_page"))
            .optional("success_url", url())
            .optional("cancel_url", url())
            .optional("return_url", url())
            .optional("redirect_on_completion", choice("always", "if_required", "never"))
            .optional("origin_context", choice("mobile_app", "web"))
            .optional("locale", choice(LOCALES))
            .optional(
                    "after_expiration",
                    Fields.none().optional("recovery", ENABLED.optional("allow_promotion_codes", flag())));

    /** How he may pay. */
    private static final Fields HOW = Fields.none()
            .optional("currency", text())
            .optional("payment_method_types", list(METHOD_TYPE, MAX_TYPES))
            .optional("excluded_payment_method_types", list(METHOD_TYPE, MAX_TYPES))
            .optional("payment_method_configuration", text(100))
            .optional(
                    "payment_method_data",
                    Fields.none().optional("allow_redisplay", choice("always", "limited", "unspecified")))
            .optional("payment_method_options", open())
            .optional("payment_method_collection", choice("always", "if_required"))
            .optional("saved_payment_method_options", open())
            .optional("wallet_options", open())
            .optional("managed_payments", Fields.none().optional("enabled", flag()))
            .optional("adaptive_pricing", Fields.none().optional("enabled", flag()))
            .optional("setup_intent_data", intentData());

    /** What the page asks and says. */
    private static final Fields PAGE = Fields.none()
            .optional("billing_address_collection", choice("auto", "required"))
            .optional("branding_settings", open())
            .optional(
                    "consent_collection",
                    Fields.none()
                            .optional(
                                    "payment_method_reuse_agreement",
                                    Fields.none().required("position", choice("auto", "hidden")))
                            .optional("promotions", choice("auto", "none"))
                            .optional("terms_of_service", choice("none", "required")))
            .optional(
                    "custom_text",
                    Fields.none()
                            .optional("after_submit", CUSTOM_MESSAGE)
                            .optional("shipping_address", CUSTOM_MESSAGE)
                            .optional("submit", CUSTOM_MESSAGE)
                            .optional("terms_of_service_acceptance", CUSTOM_MESSAGE))
            .optional("custom_fields", list(customField(), MAX_CUSTOM_FIELDS))
            .optional(
                    "name_collection",
                    Fields.none().optional("business", NAME_PART).optional("individual", NAME_PART))
            .optional("permissions", open())
            .optional("phone_number_collection", ENABLED)
            .optional("shipping_address_collection", open())
            .optional("shipping_options", open())
            .optional("submit_type", choice("auto", "book", "donate", "pay", "subscribe"))
            .optional("tax_id_collection", ENABLED.optional("required", choice("if_supported", "never")))
            .optional("automatic_tax", ENABLED.optional("liability", open()));

    static final Fields CREATE = WHO.and(WHERE).and(HOW).and(PAGE).and(SellingParameters.ALL);

    static final Fields UPDATE = Fields.none()
            .optional("metadata", Metadata.shape())
            .optional("collected_information", open())
            .optional("line_items", open())
            .optional("shipping_options", open());

    static final Fields LIST = Lists.DATED
            .optional("customer", text())
            .optional("customer_account", text())
            .optional("customer_details", Fields.none().required("email", text()))
            .optional("payment_intent", text())
            .optional("payment_link", text())
            .optional("status", choice("complete", "expired", "open"))
            .optional("subscription", text());

    private SessionParameters() {}

    private static Fields intentData() {
        return Fields.none()
                .optional("description", text(1_000))
                .optional("metadata", Metadata.shape())
                .optional("on_behalf_of", text());
    }

    private static Fields customField() {
        Fields option = Fields.none().required("label", text(100)).required("value", text(100));
        Fields bounds = Fields.none()
                .optional("default_value", text(255))
                .optional("maximum_length", whole())
                .optional("minimum_length", whole());
        return Fields.none()
                .required("key", text(MAX_REFERENCE))
                .required(
                        "label",
                        Fields.none().required("custom", text(MAX_LABEL)).required("type", choice("custom")))
                .required("type", choice("dropdown", "numeric", "text"))
                .optional("optional", flag())
                .optional("numeric", bounds)
                .optional("text", bounds)
                .optional(
                        "dropdown",
                        Fields.none().optional("default_value", text()).required("options", list(option, MAX_OPTIONS)));
    }
}
