package io.checkoutgateway.http.billing;

import io.checkoutgateway.api.model.BillingAppStripeCreateCustomerPortalSessionOptions;
import io.checkoutgateway.api.model.BillingAppStripeCustomerPortalLocale;
import io.checkoutgateway.api.model.BillingCustomerStripeCreateCustomerPortalSessionRequest;
import io.checkoutgateway.checkout.OpenPortal;
import io.checkoutgateway.checkout.PortalSessions;
import io.checkoutgateway.http.Call;
import io.checkoutgateway.http.Operation;
import io.checkoutgateway.http.Reply;
import io.vertx.core.Future;

/** {@code POST /api/v3/openmeter/customers/{customerId}/billing/stripe/portal-sessions} */
public final class CreateCustomerStripePortalSession implements Operation {
    private final PortalSessions portal;

    public CreateCustomerStripePortalSession(PortalSessions portal) {
        this.portal = portal;
    }

    @Override
    public String id() {
        return "create-customer-stripe-portal-session";
    }

    @Override
    public Future<Reply> handle(Call call) {
        BillingAppStripeCreateCustomerPortalSessionOptions options = call.body(
                        BillingCustomerStripeCreateCustomerPortalSessionRequest.class)
                .getStripeOptions();
        BillingAppStripeCustomerPortalLocale locale = options.getLocale();
        OpenPortal wish = new OpenPortal(
                call.actor(),
                call.path("customerId"),
                options.getConfigurationId(),
                locale == null ? null : locale.value(),
                options.getReturnUrl(),
                call.idempotencyKey());
        return portal.open(wish, new PortalAnswers(call.requestId())).map(Reply::stored);
    }
}
