package io.checkoutgateway.sandbox.resources;

import static io.checkoutgateway.sandbox.wire.Shapes.choice;
import static io.checkoutgateway.sandbox.wire.Shapes.flag;
import static io.checkoutgateway.sandbox.wire.Shapes.list;
import static io.checkoutgateway.sandbox.wire.Shapes.open;
import static io.checkoutgateway.sandbox.wire.Shapes.text;
import static io.checkoutgateway.sandbox.wire.Shapes.whole;

import io.checkoutgateway.sandbox.wire.Fields;
import io.checkoutgateway.sandbox.wire.Metadata;

/** The parameters of checkout sessions that sell something, as of 2026-07-29.dahlia ("Create a Checkout Session"). */
final class SellingParameters {
    private static final int MAX_LINE_ITEMS = 100;
    /** "Currently, only up to one may be specified." */
    private static final int MAX_DISCOUNTS = 1;

    private static final int MAX_DESCRIPTION = 1_000;
    private static final int MAX_SUBSCRIPTION_DESCRIPTION = 500;
    private static final int MAX_DESCRIPTOR = 22;
    private static final int MAX_TAX_RATES = 100;

    static final Fields ALL = Fields.none()
            .optional("line_items", list(lineItem(), MAX_LINE_ITEMS))
            .optional("optional_items", open())
            .optional("allow_promotion_codes", flag())
            .optional("discounts", list(discount(), MAX_DISCOUNTS))
            .optional("invoice_creation", open())
            .optional("payment_intent_data", paymentIntentData())
            .optional("subscription_data", subscriptionData());

    private SellingParameters() {}

    private static Fields lineItem() {
        Fields product = Fields.none()
                .required("name", text())
                .optional("description", text())
                .optional("images", open())
                .optional("metadata", Metadata.shape())
                .optional("tax_code", text())
                .optional("unit_label", text());
        Fields recurring = Fields.none()
                .required("interval", choice("day", "month", "week", "year"))
                .optional("interval_count", whole(1, 1_095));
        Fields price = Fields.none()
                .required("currency", text())
                .optional("product", text())
                .optional("product_data", product)
                .optional("recurring", recurring)
                .optional("tax_behavior", choice("exclusive", "inclusive", "unspecified"))
                .optional("unit_amount", whole(0, Long.MAX_VALUE))
                .optional("unit_amount_decimal", text());
        return Fields.none()
                .optional("price", text())
                .optional("price_data", price)
                .optional("quantity", whole(0, Integer.MAX_VALUE))
                .optional("adjustable_quantity", open())
                .optional("metadata", Metadata.shape())
                .optional("tax_rates", open());
    }

    private static Fields discount() {
        return Fields.none().optional("coupon", text()).optional("promotion_code", text());
    }

    private static Fields paymentIntentData() {
        return Fields.none()
                .optional("application_fee_amount", whole(0, Long.MAX_VALUE))
                .optional("capture_method", choice("automatic", "automatic_async", "manual"))
                .optional("description", text(MAX_DESCRIPTION))
                .optional("metadata", Metadata.shape())
                .optional("on_behalf_of", text())
                .optional("receipt_email", text())
                .optional("setup_future_usage", choice("off_session", "on_session"))
                .optional("shipping", open())
                .optional("statement_descriptor", text(MAX_DESCRIPTOR))
                .optional("statement_descriptor_suffix", text(MAX_DESCRIPTOR))
                .optional("transfer_data", open())
                .optional("transfer_group", text());
    }

    private static Fields subscriptionData() {
        Fields trialEnd = Fields.none().required("missing_payment_method", choice("cancel", "create_invoice", "pause"));
        return Fields.none()
                .optional("application_fee_percent", text())
                .optional("billing_cycle_anchor", whole())
                .optional("billing_cycle_anchor_config", open())
                .optional("billing_mode", open())
                .optional("default_tax_rates", list(text(), MAX_TAX_RATES))
                .optional("description", text(MAX_SUBSCRIPTION_DESCRIPTION))
                .optional("invoice_settings", open())
                .optional("metadata", Metadata.shape())
                .optional("on_behalf_of", text())
                .optional("pending_invoice_item_interval", open())
                .optional("proration_behavior", choice("create_prorations", "none"))
                .optional("transfer_data", open())
                .optional("trial_end", whole())
                .optional("trial_period_days", whole(1, Integer.MAX_VALUE))
                .optional("trial_settings", Fields.none().required("end_behavior", trialEnd));
    }
}
