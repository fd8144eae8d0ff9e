package io.checkoutgateway.http.billing;

import io.checkoutgateway.api.model.UpsertAppCustomerDataRequest;
import io.checkoutgateway.customers.CustomerBillingService;
import io.checkoutgateway.http.Call;
import io.checkoutgateway.http.Operation;
import io.checkoutgateway.http.Reply;
import io.checkoutgateway.http.Versions;
import io.vertx.core.Future;

/** {@code PUT /api/v3/openmeter/customers/{customerId}/billing/app-data} */
public final class UpdateCustomerBillingAppData implements Operation {
    private final CustomerBillingService billing;

    public UpdateCustomerBillingAppData(CustomerBillingService billing) {
        this.billing = billing;
    }

    @Override
    public String id() {
        return "update-customer-billing-app-data";
    }

    @Override
    public Future<Reply> handle(Call call) {
        UpsertAppCustomerDataRequest request = call.body(UpsertAppCustomerDataRequest.class);
        return billing.updateCounterpart(
                        call.actor(),
                        call.path("customerId"),
                        BillingResource.counterpart(request.getStripe()),
                        Versions.wantedBy(call))
                .map(BillingResource::appDataReply);
    }
}
