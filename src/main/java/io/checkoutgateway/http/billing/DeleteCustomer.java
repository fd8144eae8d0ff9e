package io.checkoutgateway.http.billing;

import io.checkoutgateway.customers.CustomerService;
import io.checkoutgateway.http.Call;
import io.checkoutgateway.http.Operation;
import io.checkoutgateway.http.Reply;
import io.checkoutgateway.http.Versions;
import io.vertx.core.Future;

/** {@code DELETE /api/v3/openmeter/customers/{customerId}} */
public final class DeleteCustomer implements Operation {
    private final CustomerService customers;

    public DeleteCustomer(CustomerService customers) {
        this.customers = customers;
    }

    @Override
    public String id() {
        return "delete-customer";
    }

    @Override
    public Future<Reply> handle(Call call) {
        return customers
                .remove(call.actor(), call.path("customerId"), Versions.wantedBy(call))
                .map(removed -> Reply.noContent());
    }
}
