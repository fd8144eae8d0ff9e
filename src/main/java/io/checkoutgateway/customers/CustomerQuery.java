package io.checkoutgateway.customers;

import io.checkoutgateway.listing.Condition;
import java.util.List;

/**
 * Which customers are wanted, in which order.
 *
 * @param filters all of them must hold
 * @param number the page, from 1
 * @param size how many a page holds at most
 */
public record CustomerQuery(List<Filter> filters, Sort sort, boolean descending, int number, int size) {
    public CustomerQuery {
        filters = List.copyOf(filters);
    }

    /** What a list can be sorted by; ties are broken by the id, so that pages neither skip nor repeat. */
    public enum Sort {
        ID,
        NAME,
        CREATED_AT
    }

    /** What must hold of one member. */
    public record Filter(CustomerField field, Condition condition) {}

    /** How many customers come before the page. */
    public long offset() {
        return (number - 1L) * size;
    }
}
