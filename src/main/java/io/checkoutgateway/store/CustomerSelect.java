package io.checkoutgateway.store;

import io.checkoutgateway.customers.CustomerField;
import io.checkoutgateway.customers.CustomerQuery;
import io.checkoutgateway.customers.CustomerQuery.Filter;
import io.checkoutgateway.customers.CustomerQuery.Order;
import io.checkoutgateway.customers.CustomerQuery.Sort;
import io.checkoutgateway.listing.Condition;
import io.checkoutgateway.listing.Operator;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The statements for one page of customers, and for how many there are. */
final class CustomerSelect {
    /** What no customer has. */
    private static final String NOTHING = "NULL::text";

    private final CustomerQuery query;
    private final Comparisons comparisons = new Comparisons();
    private final String namespace;
    private final List<String> conditions = new ArrayList<>();

    private CustomerSelect(String namespace, CustomerQuery query) {
        this.query = query;
        this.namespace = comparisons.bind(namespace);
        conditions.add("namespace = " + this.namespace);
        conditions.add("deleted_at IS NULL");
        query.filters().forEach(filter -> conditions.add(condition(filter)));
        comparisons.parameters().and("size", query.size()).and("offset", query.offset());
    }

    static CustomerSelect of(String namespace, CustomerQuery query) {
        return new CustomerSelect(namespace, query);
    }

    /** Finds the page's ids first, so that what lies before it is skipped in the index and not in the table. */
    String page() {
        return "SELECT " + CustomerRows.COLUMNS + "FROM (SELECT id AS listed FROM customers " + where() + order()
                + " LIMIT #{size}::bigint OFFSET #{offset}::bigint) AS page JOIN customers ON id = listed" + order();
    }

    String count() {
        return "SELECT count(*) AS total FROM customers " + where();
    }

    Map<String, Object> parameters() {
        return comparisons.parameters().map();
    }

    private String where() {
        return "WHERE " + String.join(" AND ", conditions);
    }

    private String order() {
        Stream<Order> byId = Stream.of(new Order(Sort.ID, query.orders().get(0).descending()));
        return Stream.concat(query.orders().stream(), byId)
                .map(order -> order.sort().name().toLowerCase(Locale.ROOT) + (order.descending() ? " DESC" : " ASC"))
                .collect(Collectors.joining(", ", " ORDER BY ", ""));
    }

    private String condition(Filter filter) {
        return switch (filter.field()) {
            case KEY, NAME, PRIMARY_EMAIL ->
                comparisons.of(filter.field().word(), filter.field().kind(), filter.condition());
            case USAGE_ATTRIBUTION_SUBJECT_KEY -> ofSubjects(filter.condition());
            case PLAN_KEY -> comparisons.of(NOTHING, filter.field().kind(), filter.condition());
            case BILLING_PROFILE_ID ->
                comparisons.of(filter.field().word(), filter.field().kind(), filter.condition());
        };
    }

    /** One subject that meets the condition is enough; the negative ones say that there is none that meets its opposite. */
    private String ofSubjects(Condition condition) {
        return switch (condition.operator()) {
            case NEQ -> "NOT " + anySubject(new Condition(Operator.EQ, condition.values()));
            case NEXISTS -> "NOT " + anySubject(new Condition(Operator.EXISTS, List.of()));
            default -> anySubject(condition);
        };
    }

    private String anySubject(Condition condition) {
        return "EXISTS (SELECT 1 FROM customer_subjects s WHERE s.namespace = " + namespace
                + " AND s.customer_id = customers.id AND "
                + comparisons.of("s.subject_key", CustomerField.USAGE_ATTRIBUTION_SUBJECT_KEY.kind(), condition)
                + ")";
    }
}
