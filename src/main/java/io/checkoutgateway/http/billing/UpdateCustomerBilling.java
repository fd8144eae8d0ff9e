package io.checkoutgateway.http.billing;

import io.checkoutgateway.api.model.BillingProfileReference;
import io.checkoutgateway.api.model.UpsertCustomerBillingDataRequest;
import io.checkoutgateway.customers.BillingUpdate;
import io.checkoutgateway.customers.CustomerBillingService;
import io.checkoutgateway.http.Call;
import io.checkoutgateway.http.Operation;
import io.checkoutgateway.http.Reply;
import io.checkoutgateway.http.Versions;
import io.vertx.core.Future;

/** {@code PUT /api/v3/openmeter/customers/{customerId}/billing} */
public final class UpdateCustomerBilling implements Operation {
    private final CustomerBillingService billing;

    public UpdateCustomerBilling(CustomerBillingService billing) {
        this.billing = billing;
    }

    @Override
    public String id() {
        return "update-customer-billing";
    }

    @Override
    public Future<Reply> handle(Call call) {
        UpsertCustomerBillingDataRequest request = call.body(UpsertCustomerBillingDataRequest.class);
        BillingProfileReference profile = request.getBillingProfile();
        BillingUpdate update = new BillingUpdate(
                profile == null ? null : profile.getId(),
                BillingResource.counterpart(request.getAppData()),
                Versions.wantedBy(call));
        return billing.update(call.actor(), call.path("customerId"), update).map(BillingResource::reply);
    }
}
