package io.checkoutgateway.customers;

import io.checkoutgateway.listing.Condition;
import java.util.List;

/**
 * Which customers are wanted, in which order.
 *
 * @param filters all of them must hold
 * @param orders at least one; what they leave equal is ordered by id, in the direction of the first
 * @param number the page, from 1
 * @param size how many a page holds at most
 */
public record CustomerQuery(List<Filter> filters, List<Order> orders, int number, int size) {
    public CustomerQuery {
        orders = List.copyOf(orders);
        filters = List.copyOf(filters);
    }

    /** What a list can be sorted by; ties are broken by the id, so that pages neither skip nor repeat. */
    public enum Sort {
        ID,
        NAME,
        CREATED_AT
    }

    /** What the list is ordered by, as far as those before it do not decide. */
    public record Order(Sort sort, boolean descending) {}

    /** What must hold of one member. */
    public record Filter(CustomerField field, Condition condition) {}

    /** How many customers come before the page. */
    public long offset() {
        return (number - 1L) * size;
    }
}
