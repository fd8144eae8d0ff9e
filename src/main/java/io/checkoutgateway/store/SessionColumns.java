package io.checkoutgateway.store;

import io.checkoutgateway.checkout.ReservedMetadata;
import io.checkoutgateway.checkout.StripeSession;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The columns that repeat members of Stripe's object, so that lists can filter and sort by them. */
final class SessionColumns {
    /** In the order of the table. */
    static final List<String> NAMES = List.of(
            "stripe",
            "stripe_session_id",
            "stripe_customer_id",
            "mode",
            "ui_mode",
            "payment_status",
            "currency",
            "payment_intent_id",
            "subscription_id",
            "client_reference_id",
            "customer_email",
            "locale",
            "success_url",
            "cancel_url",
            "billing_address_collection",
            "submit_type",
            "metadata",
            "stripe_created_at",
            "expires_at");

    private SessionColumns() {}

    static Map<String, @Nullable Object> of(StripeSession session) {
        Map<String, @Nullable Object> columns = new LinkedHashMap<>();
        columns.put("stripe", session.object());
        columns.put("stripe_session_id", session.id());
        columns.put("stripe_customer_id", session.customer());
        columns.put("mode", session.mode());
        columns.put("ui_mode", session.uiMode());
        columns.put("payment_status", session.paymentStatus());
        columns.put("currency", session.currency());
        columns.put("payment_intent_id", session.paymentIntent());
        columns.put("subscription_id", session.subscription());
        columns.put("client_reference_id", session.clientReferenceId());
        columns.put("customer_email", session.customerEmail());
        columns.put("locale", session.locale());
        columns.put("success_url", session.successUrl());
        columns.put("cancel_url", session.cancelUrl());
        columns.put("billing_address_collection", orAuto(session.billingAddressCollection()));
        columns.put("submit_type", orAuto(session.submitType()));
        columns.put("metadata", Rows.json(ReservedMetadata.without(session.metadata())));
        columns.put("stripe_created_at", Rows.utc(session.created()));
        columns.put("expires_at", Rows.utc(session.expiresAt()));
        return columns;
    }

    /** Stripe's null means {@code auto}, and a filter for {@code auto} should find it. */
    private static String orAuto(@Nullable String value) {
        return value == null ? "auto" : value;
    }
}
