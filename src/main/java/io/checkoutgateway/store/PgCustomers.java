package io.checkoutgateway.store;

import io.checkoutgateway.audit.Actor;
import io.checkoutgateway.customers.Customer;
import io.checkoutgateway.customers.CustomerDetails;
import io.checkoutgateway.customers.CustomerPage;
import io.checkoutgateway.customers.CustomerQuery;
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
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** Customers in Postgres. */
public final class PgCustomers implements CustomerStore {
    private static final String ADD =
            """
            INSERT INTO customers (
                id, namespace, key, name, description, labels, subject_keys, primary_email, currency, billing_address)
            VALUES (
                #{id}, #{namespace}, #{key}, #{name}, #{description}, #{labels}, #{subject_keys}, #{primary_email},
                #{currency}, #{billing_address})
            RETURNING
            """
                    + CustomerRows.STATE + ", " + CustomerRows.COLUMNS;

    private static final String FIND =
            "SELECT " + CustomerRows.COLUMNS + "FROM customers WHERE namespace = #{namespace} AND id = #{id}";

    /** Sessions of the customer may be opened meanwhile. */
    private static final String LOCK = "SELECT " + CustomerRows.STATE + ", " + CustomerRows.COLUMNS
            + "FROM customers WHERE namespace = #{namespace} AND id = #{id} FOR NO KEY UPDATE";

    private static final String REPLACE =
            """
            UPDATE customers
            SET name = #{name}, description = #{description}, labels = #{labels}, subject_keys = #{subject_keys},
                primary_email = #{primary_email}, currency = #{currency}, billing_address = #{billing_address},
                updated_at = now(), version = version + 1
            WHERE namespace = #{namespace} AND id = #{id}
            RETURNING
            """
                    + CustomerRows.STATE + ", " + CustomerRows.COLUMNS;

    private static final String REMOVE =
            """
            UPDATE customers
            SET deleted_at = now(), updated_at = now(), version = version + 1
            WHERE namespace = #{namespace} AND id = #{id}
            RETURNING
            """
                    + CustomerRows.STATE + ", " + CustomerRows.COLUMNS;

    /** What two requests that would wait for each other forever are told: one of them has gone on by then. */
    private static final Duration WHEN_TANGLED = Duration.ofSeconds(1);

    private static final String FIND_BY_KEY = "SELECT " + CustomerRows.COLUMNS
            + " FROM customers WHERE namespace = #{namespace} AND key = #{key} AND deleted_at IS NULL";

    private final Postgres postgres;

    public PgCustomers(Postgres postgres) {
        this.postgres = postgres;
    }

    @Override
    public Future<Answered> add(
            Actor actor,
            String id,
            NewCustomer customer,
            Optional<IdempotencyKey> key,
            Function<Customer, StoredAnswer> answer) {
        return postgres.inTransaction(connection -> PgIdempotencyKeys.once(
                        connection, actor.namespace(), key, () -> add(connection, actor, id, customer)
                                .map(answer)))
                .recover(PgCustomers::explained);
    }

    private static Future<Customer> add(SqlConnection connection, Actor actor, String id, NewCustomer customer) {
        Map<String, Object> row = CustomerRows.parametersOf(actor.namespace(), id, customer.details())
                .and("key", customer.key())
                .map();
        return Postgres.on(connection, ADD, row)
                .map(added -> added.iterator().next())
                .compose(added -> CustomerSubjectRows.add(
                                connection,
                                actor.namespace(),
                                id,
                                customer.details().subjectKeys())
                        .compose(done -> recorded(connection, actor, "customer.created", null, added)));
    }

    @Override
    public Future<Optional<Customer>> find(String namespace, String id) {
        return postgres.query(FIND, Map.of("namespace", namespace, "id", id))
                .map(rows -> Rows.first(rows).map(CustomerRows::toCustomer));
    }

    @Override
    public Future<CustomerPage> list(String namespace, CustomerQuery query) {
        CustomerSelect select = CustomerSelect.of(namespace, query);
        return postgres.query(select.page(), select.parameters())
                .map(rows -> StreamSupport.stream(rows.spliterator(), false)
                        .map(CustomerRows::toCustomer)
                        .toList())
                .compose(found -> total(select, query, found).map(total -> new CustomerPage(found, total)));
    }

    /** A page that is not full is the last one, and says how many there are; else they are counted. */
    private Future<Long> total(CustomerSelect select, CustomerQuery query, List<Customer> found) {
        boolean last = found.size() < query.size() && (query.number() == 1 || !found.isEmpty());
        return last
                ? Future.succeededFuture(query.offset() + found.size())
                : postgres.query(select.count(), select.parameters())
                        .map(rows -> rows.iterator().next().getLong("total"));
    }

    @Override
    public Future<Optional<Customer>> replace(
            Actor actor, String id, CustomerDetails details, @Nullable Set<Long> versions) {
        return change(actor, id, (connection, before) -> replace(connection, actor, before, details, versions));
    }

    private static Future<Customer> replace(
            SqlConnection connection, Actor actor, Row before, CustomerDetails details, @Nullable Set<Long> versions) {
        Customer known = CustomerRows.toCustomer(before);
        if (known.deletedAt() != null) {
            return Future.failedFuture(new GatewayException(Reason.GONE, "The customer was deleted"));
        }
        checkVersion(known, versions);
        Parameters row = CustomerRows.parametersOf(actor.namespace(), known.id(), details);
        return CustomerSubjectRows.replace(connection, actor.namespace(), known.id(), details.subjectKeys())
                .compose(replaced -> Postgres.on(connection, REPLACE, row.map()))
                .map(rows -> rows.iterator().next())
                .compose(after -> recorded(connection, actor, "customer.updated", before, after));
    }

    @Override
    public Future<Boolean> remove(Actor actor, String id, @Nullable Set<Long> versions) {
        return change(actor, id, (connection, before) -> remove(connection, actor, before, versions))
                .map(Optional::isPresent);
    }

    private static Future<Customer> remove(
            SqlConnection connection, Actor actor, Row before, @Nullable Set<Long> versions) {
        Customer known = CustomerRows.toCustomer(before);
        if (known.deletedAt() != null) {
            return Future.succeededFuture(known);
        }
        checkVersion(known, versions);
        Map<String, Object> row = Map.of("namespace", actor.namespace(), "id", known.id());
        return CustomerSubjectRows.replace(connection, actor.namespace(), known.id(), null)
                .compose(freed -> Postgres.on(connection, REMOVE, row))
                .map(rows -> rows.iterator().next())
                .compose(after -> recorded(connection, actor, "customer.deleted", before, after));
    }

    /** Locks the customer and changes it, if there is one. */
    private Future<Optional<Customer>> change(
            Actor actor, String id, BiFunction<SqlConnection, Row, Future<Customer>> change) {
        Map<String, Object> row = Map.of("namespace", actor.namespace(), "id", id);
        return postgres.inTransaction(connection -> Postgres.on(connection, LOCK, row)
                        .map(Rows::first)
                        .compose(found -> found.map(before ->
                                        change.apply(connection, before).map(Optional::of))
                                .orElseGet(() -> Future.succeededFuture(Optional.empty()))))
                .recover(PgCustomers::explained);
    }

    /** The row is locked by now, so that of two requests that know the same version the second finds another. */
    private static void checkVersion(Customer known, @Nullable Set<Long> versions) {
        if (versions != null && !versions.contains(known.version())) {
            throw new GatewayException(Reason.PRECONDITION_FAILED, "The customer has changed meanwhile; read it again");
        }
    }

    private static Future<Customer> recorded(
            SqlConnection connection, Actor actor, String action, @Nullable Row before, Row after) {
        Customer customer = CustomerRows.toCustomer(after);
        return AuditRows.append(
                        connection,
                        actor,
                        action,
                        "customer:" + customer.id(),
                        before == null ? null : before.getString("state"),
                        after.getString("state"))
                .map(customer);
    }

    private static <T> Future<T> explained(Throwable failure) {
        if (Postgres.violates(failure, "customers_key")) {
            return Future.failedFuture(new GatewayException(Reason.CONFLICT, "Another customer has this key", failure));
        }
        if (Postgres.violates(failure, "customer_subjects_pkey")) {
            return Future.failedFuture(new GatewayException(
                    Reason.CONFLICT, "One of the subject keys belongs to another customer", failure));
        }
        if (Postgres.isDeadlock(failure)) {
            return Future.failedFuture(GatewayException.retryable(
                    Reason.CONFLICT, "Another request is moving the same subject keys", WHEN_TANGLED, failure));
        }
        return Future.failedFuture(failure);
    }

    @Override
    public Future<Optional<Customer>> findByKey(String namespace, String key) {
        return postgres.query(FIND_BY_KEY, Map.of("namespace", namespace, "key", key))
                .map(rows -> Rows.first(rows).map(CustomerRows::toCustomer));
    }
}
