package io.checkoutgateway.store;

import io.checkoutgateway.customers.Customer;
import io.checkoutgateway.customers.CustomerStore;
import io.checkoutgateway.customers.NewCustomer;
import io.checkoutgateway.failure.GatewayException;
import io.checkoutgateway.failure.Reason;
import io.checkoutgateway.idempotency.Answered;
import io.checkoutgateway.idempotency.IdempotencyKey;
import io.checkoutgateway.idempotency.StoredAnswer;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Customers in Postgres. */
public final class PgCustomers implements CustomerStore {
    private static final String COLUMNS =
            """
            id, namespace, key, name, description, labels, subject_keys, primary_email, currency, billing_address,
            billing_profile_id, created_at, updated_at, deleted_at
            """;

    private static final String ADD =
            """
            INSERT INTO customers (
                id, namespace, key, name, description, labels, subject_keys, primary_email, currency, billing_address)
            VALUES (
                #{id}, #{namespace}, #{key}, #{name}, #{description}, #{labels}, #{subject_keys}, #{primary_email},
                #{currency}, #{billing_address})
            RETURNING
            """
                    + COLUMNS;

    private static final String ADD_SUBJECTS =
            """
            INSERT INTO customer_subjects (namespace, subject_key, customer_id)
            SELECT #{namespace}, subject_key, #{id}
            FROM unnest(#{subject_keys}::text[]) AS subject_key
            """;

    private static final String FIND =
            "SELECT " + COLUMNS + " FROM customers WHERE namespace = #{namespace} AND id = #{id}";

    private static final String FIND_BY_KEY = "SELECT " + COLUMNS
            + " FROM customers WHERE namespace = #{namespace} AND key = #{key} AND deleted_at IS NULL";

    private final Postgres postgres;

    public PgCustomers(Postgres postgres) {
        this.postgres = postgres;
    }

    @Override
    public Future<Answered> add(
            String id,
            String namespace,
            NewCustomer customer,
            Optional<IdempotencyKey> key,
            Function<Customer, StoredAnswer> answer) {
        Map<String, Object> row = parametersOf(id, namespace, customer);
        return postgres.inTransaction(connection ->
                        PgIdempotencyKeys.once(connection, namespace, key, () -> Postgres.on(connection, ADD, row)
                                .compose(added -> addSubjects(connection, id, namespace, customer.subjectKeys())
                                        .map(done -> answer.apply(
                                                toCustomer(added.iterator().next()))))))
                .recover(PgCustomers::explained);
    }

    private static Future<Void> addSubjects(
            SqlConnection connection, String id, String namespace, @Nullable List<String> subjectKeys) {
        if (subjectKeys == null || subjectKeys.isEmpty()) {
            return Future.succeededFuture();
        }
        String[] distinct = subjectKeys.stream().distinct().toArray(String[]::new);
        return Postgres.on(connection, ADD_SUBJECTS, Map.of("id", id, "namespace", namespace, "subject_keys", distinct))
                .mapEmpty();
    }

    private static <T> Future<T> explained(Throwable failure) {
        if (Postgres.violates(failure, "customers_key")) {
            return Future.failedFuture(new GatewayException(Reason.CONFLICT, "Another customer has this key", failure));
        }
        if (Postgres.violates(failure, "customer_subjects_pkey")) {
            return Future.failedFuture(new GatewayException(
                    Reason.CONFLICT, "One of the subject keys belongs to another customer", failure));
        }
        return Future.failedFuture(failure);
    }

    @Override
    public Future<Optional<Customer>> find(String namespace, String id) {
        return postgres.query(FIND, Map.of("namespace", namespace, "id", id))
                .map(rows -> Rows.first(rows).map(PgCustomers::toCustomer));
    }

    @Override
    public Future<Optional<Customer>> findByKey(String namespace, String key) {
        return postgres.query(FIND_BY_KEY, Map.of("namespace", namespace, "key", key))
                .map(rows -> Rows.first(rows).map(PgCustomers::toCustomer));
    }

    private static Map<String, Object> parametersOf(String id, String namespace, NewCustomer customer) {
        List<String> subjectKeys = customer.subjectKeys();
        return Parameters.of("id", id)
                .and("namespace", namespace)
                .and("key", customer.key())
                .and("name", customer.name())
                .and("description", customer.description())
                .and("labels", Rows.json(customer.labels()))
                .and("subject_keys", subjectKeys == null ? null : subjectKeys.toArray(String[]::new))
                .and("primary_email", customer.primaryEmail())
                .and("currency", customer.currency())
                .and("billing_address", customer.billingAddress())
                .map();
    }

    private static Customer toCustomer(Row row) {
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
                Rows.instant(row, "deleted_at"));
    }
}
