package io.checkoutgateway.http.billing;

import io.checkoutgateway.api.model.BillingAppCustomerData;
import io.checkoutgateway.api.model.BillingAppCustomerDataStripe;
import io.checkoutgateway.api.model.BillingCustomerData;
import io.checkoutgateway.api.model.BillingProfileReference;
import io.checkoutgateway.customers.CustomerBilling;
import io.checkoutgateway.customers.CustomerBilling.Counterpart;
import io.checkoutgateway.http.Reply;
import io.checkoutgateway.http.Versions;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** How a customer is billed, between the contract's words and the product's. */
final class BillingResource {
    private BillingResource() {}

    /** The answer with all of it. */
    static Reply reply(CustomerBilling billing) {
        BillingCustomerData data = new BillingCustomerData()
                .withBillingProfile(
                        billing.profileId() == null ? null : new BillingProfileReference().withId(billing.profileId()))
                .withAppData(billing.counterpart() == null ? null : appData(billing.counterpart()));
        return tagged(billing, data);
    }

    /** The answer with what the app knows of the customer. */
    static Reply appDataReply(CustomerBilling billing) {
        return tagged(
                billing, billing.counterpart() == null ? new BillingAppCustomerData() : appData(billing.counterpart()));
    }

    private static Reply tagged(CustomerBilling billing, Object body) {
        return Reply.json(200, body).with(Versions.ETAG, Versions.tagOf(billing.version()));
    }

    private static BillingAppCustomerData appData(Counterpart counterpart) {
        return new BillingAppCustomerData()
                .withStripe(new BillingAppCustomerDataStripe()
                        .withCustomerId(counterpart.stripeCustomerId())
                        .withDefaultPaymentMethodId(counterpart.defaultPaymentMethodId())
                        .withLabels(counterpart.labels().isEmpty() ? null : counterpart.labels()));
    }

    static Counterpart counterpart(BillingAppCustomerDataStripe stripe) {
        return new Counterpart(
                stripe.getCustomerId(),
                stripe.getDefaultPaymentMethodId(),
                Objects.requireNonNullElse(stripe.getLabels(), Map.of()));
    }

    static @Nullable Counterpart counterpart(@Nullable BillingAppCustomerData data) {
        return data == null ? null : counterpart(data.getStripe());
    }
}
