package io.checkoutgateway.store;

import io.checkoutgateway.customers.Customer;
import io.checkoutgateway.customers.CustomerDetails;
import io.vertx.sqlclient.Row;
import java.util.Arrays;
import java.util.List;

/** The rows of {@code customers}, to and from the product's words. */
final class CustomerRows {
    static final String COLUMNS =
            """
            id, namespace, key, name, description, labels, subject_keys, primary_email, currency, billing_address,
            billing_profile_id, created_at, updated_at, deleted_at, version
            """;

    /** The row as the audit trail sees it, to be read after a change too. */
    static final String STATE = "to_jsonb(customers)::text AS state";

    private CustomerRows() {}

    static Parameters parametersOf(String namespace, String id, CustomerDetails details) {
        List<String> subjectKeys = details.subjectKeys();
        return Parameters.of("namespace", namespace)
                .and("id", id)
                .and("name", details.name())
                .and("description", details.description())
                .and("labels", Rows.json(details.labels()))
                .and("subject_keys", subjectKeys == null ? null : subjectKeys.toArray(String[]::new))
                .and("primary_email", details.primaryEmail())
                .and("currency", details.currency())
                .and("billing_address", details.billingAddress());
    }

    static Customer toCustomer(Row row) {
        String[] subjectKeys = row.getArrayOfStrings("subject_keys");
        return new Customer(
                row.getString("id"),
                row.getString("namespace"),
                row.getString("key"),
                row.getString("name"),
                row.getString("description"),
                Rows.strings(row.getJsonObject("labels")),
                subjectKeys == null ? null : Arrays.asList(subjectKeys),
                row.getString("primary_email"),
                row.getString("currency"),
                row.getJsonObject("billing_address"),
                row.getString("billing_profile_id"),
                Rows.instantOf(row, "created_at"),
                Rows.instantOf(row, "updated_at"),
                Rows.instant(row, "deleted_at"),
                row.getLong("version"));
    }
}
