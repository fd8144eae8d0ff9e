package io.checkoutgateway.http.billing;

import io.checkoutgateway.api.model.CustomerPagePaginatedResponse;
import io.checkoutgateway.customers.CustomerField;
import io.checkoutgateway.customers.CustomerQuery;
import io.checkoutgateway.customers.CustomerQuery.Filter;
import io.checkoutgateway.customers.CustomerQuery.Order;
import io.checkoutgateway.customers.CustomerQuery.Sort;
import io.checkoutgateway.customers.CustomerService;
import io.checkoutgateway.http.Call;
import io.checkoutgateway.http.FilterValues;
import io.checkoutgateway.http.NumberedPage;
import io.checkoutgateway.http.Operation;
import io.checkoutgateway.http.Reply;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.Locale;
import java.util.stream.Stream;

/** {@code GET /api/v3/openmeter/customers} */
public final class ListCustomers implements Operation {
    private static final String SORT_PRESET = "name";

    private final CustomerService customers;

    public ListCustomers(CustomerService customers) {
        this.customers = customers;
    }

    @Override
    public String id() {
        return "list-customers";
    }

    @Override
    public Future<Reply> handle(Call call) {
        NumberedPage page = NumberedPage.of(call.query());
        return customers
                .list(call.namespace(), query(call.query(), page))
                .map(found -> Reply.json(
                        200,
                        new CustomerPagePaginatedResponse()
                                .withData(found.customers().stream()
                                        .map(CustomerResource::of)
                                        .toList())
                                .withMeta(page.meta(found.total()))));
    }

    private static CustomerQuery query(JsonObject parameters, NumberedPage page) {
        return new CustomerQuery(
                FilterValues.read(parameters, CustomerField::of, CustomerField::kind, Filter::new),
                Stream.of(parameters.getString("sort", SORT_PRESET).split(",", -1))
                        .map(String::strip)
                        .map(ListCustomers::order)
                        .toList(),
                page.number(),
                page.size());
    }

    private static Order order(String word) {
        return new Order(Sort.valueOf(word.split(" ", -1)[0].toUpperCase(Locale.ROOT)), word.endsWith(" desc"));
    }
}
