package io.checkoutgateway.http.billing;

import io.checkoutgateway.api.model.UpsertCustomerRequest;
import io.checkoutgateway.customers.CustomerDetails;
import io.checkoutgateway.customers.CustomerService;
import io.checkoutgateway.http.Call;
import io.checkoutgateway.http.Operation;
import io.checkoutgateway.http.Reply;
import io.checkoutgateway.http.Versions;
import io.vertx.core.Future;

/** {@code PUT /api/v3/openmeter/customers/{customerId}} */
public final class UpsertCustomer implements Operation {
    private final CustomerService customers;

    public UpsertCustomer(CustomerService customers) {
        this.customers = customers;
    }

    @Override
    public String id() {
        return "upsert-customer";
    }

    @Override
    public Future<Reply> handle(Call call) {
        CustomerDetails details = CustomerResource.of(call.body(UpsertCustomerRequest.class));
        return customers
                .replace(call.actor(), call.path("customerId"), details, Versions.wantedBy(call))
                .map(CustomerResource::reply);
    }
}
