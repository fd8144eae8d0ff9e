package io.checkoutgateway.http.billing;

import io.checkoutgateway.customers.CustomerBillingService;
import io.checkoutgateway.http.Call;
import io.checkoutgateway.http.Operation;
import io.checkoutgateway.http.Reply;
import io.vertx.core.Future;

/** {@code GET /api/v3/openmeter/customers/{customerId}/billing} */
public final class GetCustomerBilling implements Operation {
    private final CustomerBillingService billing;

    public GetCustomerBilling(CustomerBillingService billing) {
        this.billing = billing;
    }

    @Override
    public String id() {
        return "get-customer-billing";
    }

    @Override
    public Future<Reply> handle(Call call) {
        return billing.get(call.namespace(), call.path("customerId")).map(BillingResource::reply);
    }
}
