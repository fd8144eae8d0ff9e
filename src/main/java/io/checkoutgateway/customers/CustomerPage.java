package io.checkoutgateway.customers;

import java.util.List;

/**
 * A page of a list.
 *
 * @param total how many customers all pages have together
 */
public record CustomerPage(List<Customer> customers, long total) {
    public CustomerPage {
        customers = List.copyOf(customers);
    }
}
