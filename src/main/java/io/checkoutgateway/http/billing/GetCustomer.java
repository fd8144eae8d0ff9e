package io.checkoutgateway.http.billing;

import io.checkoutgateway.customers.CustomerService;
import io.checkoutgateway.http.Call;
import io.checkoutgateway.http.Operation;
import io.checkoutgateway.http.Reply;
import io.vertx.core.Future;

/** {@code GET /api/v3/openmeter/customers/{customerId}} */
public final class GetCustomer implements Operation {
    private final CustomerService customers;

    public GetCustomer(CustomerService customers) {
        this.customers = customers;
    }

    @Override
    public String id() {
        return "get-customer";
    }

    @Override
    public Future<Reply> handle(Call call) {
        return customers.get(call.namespace(), call.path("customerId")).map(CustomerResource::reply);
    }
}
