package io.checkoutgateway.http.billing;

import io.checkoutgateway.api.model.CreateCustomerRequest;
import io.checkoutgateway.customers.Customer;
import io.checkoutgateway.customers.CustomerService;
import io.checkoutgateway.http.Call;
import io.checkoutgateway.http.Operation;
import io.checkoutgateway.http.Reply;
import io.checkoutgateway.http.Versions;
import io.checkoutgateway.http.Wire;
import io.checkoutgateway.idempotency.Answered;
import io.checkoutgateway.idempotency.StoredAnswer;
import io.vertx.core.Future;

/** {@code POST /api/v3/openmeter/customers} */
public final class CreateCustomer implements Operation {
    private static final String CUSTOMERS = "/api/v3/openmeter/customers/";

    private final CustomerService customers;

    public CreateCustomer(CustomerService customers) {
        this.customers = customers;
    }

    @Override
    public String id() {
        return "create-customer";
    }

    @Override
    public Future<Reply> handle(Call call) {
        return customers
                .create(
                        call.actor(),
                        CustomerResource.of(call.body(CreateCustomerRequest.class)),
                        call.idempotencyKey(),
                        CreateCustomer::answer)
                .map(CreateCustomer::reply);
    }

    /** Also when it is repeated the answer shows the customer as it was made, whatever has happened to it since. */
    private static Reply reply(Answered answered) {
        return Reply.stored(answered).with(Versions.ETAG, Versions.tagOf(Customer.FIRST_VERSION));
    }

    private static StoredAnswer answer(Customer customer) {
        return new StoredAnswer(201, Wire.JSON, Wire.encode(CustomerResource.of(customer)), CUSTOMERS + customer.id());
    }
}
