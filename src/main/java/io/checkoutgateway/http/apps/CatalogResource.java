package io.checkoutgateway.http.apps;

import io.checkoutgateway.api.model.BillingAppCapability;
import io.checkoutgateway.api.model.BillingAppCatalogItem;
import io.checkoutgateway.apps.AppType;
import java.util.List;

/** The kinds of apps in the contract's words. */
final class CatalogResource {
    /** All that the gateway does with an account: invoices and taxes are others' business. */
    static final String COLLECT_PAYMENTS = "collect_payments";

    private CatalogResource() {}

    static BillingAppCatalogItem of(AppType type) {
        return switch (type) {
            case STRIPE ->
                item(
                        type,
                        "Stripe",
                        "Customers leave their payment methods with Stripe, on pages of Stripe's.",
                        "Sets up customers' payment methods with Stripe Checkout.",
                        "with_api_key");
            case SANDBOX ->
                item(
                        type,
                        "Sandbox",
                        "A stand-in of Stripe to try things with: no account, no money.",
                        "Sets up test payment methods with a stand-in of Stripe Checkout.",
                        "no_credentials_required");
        };
    }

    private static BillingAppCatalogItem item(
            AppType type, String name, String description, String capability, String installMethod) {
        return new BillingAppCatalogItem()
                .withType(type.word())
                .withName(name)
                .withDescription(description)
                .withCapabilities(List.of(new BillingAppCapability()
                        .withType(COLLECT_PAYMENTS)
                        .withKey(type.word() + "_" + COLLECT_PAYMENTS)
                        .withName("Collect Payments")
                        .withDescription(capability)))
                .withInstallMethods(List.of(installMethod));
    }
}
