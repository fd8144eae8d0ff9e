package io.checkoutgateway.store;

import io.checkoutgateway.audit.Actor;
import io.checkoutgateway.customers.CustomerBilling;
import io.checkoutgateway.customers.CustomerBillingStore;
import io.checkoutgateway.customers.CustomerTie;
import io.checkoutgateway.failure.GatewayException;
import io.checkoutgateway.failure.Reason;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.SqlConnection;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** How customers are billed, in Postgres: a column of the customer, and the link to its counterpart. */
public final class PgCustomerBilling implements CustomerBillingStore {
    /**
     * Events are dated in whole seconds. What Stripe showed, it showed up to a second later than its clock said; a
     * choice that is made because of it is later than all that.
     */
    private static final Duration AFTER_WHAT_WAS_SEEN = Duration.ofSeconds(1);

    private static final String TAKEN = "stripe_customer_links_app_id_stripe_customer_id_key";

    private static final String FIND =
            """
            SELECT c.billing_profile_id, l.stripe_customer_id, l.default_payment_method_id, l.labels,
                   jsonb_build_object('billing_profile_id', c.billing_profile_id, 'link', to_jsonb(l))::text AS state
            FROM customers c
            LEFT JOIN stripe_customer_links l
                ON l.customer_id = c.id AND l.app_id = #{app_id}::text AND l.account = #{account}
            WHERE c.namespace = #{namespace} AND c.id = #{id}
            """;

    /** Not against those who only refer to the customer: sessions go on being opened. */
    private static final String LOCK_CUSTOMER =
            "SELECT deleted_at FROM customers WHERE namespace = #{namespace} AND id = #{id} FOR NO KEY UPDATE";

    /** Events and follow-ups change links too. */
    private static final String LOCK_LINKS =
            "SELECT id FROM stripe_customer_links WHERE customer_id = #{id} ORDER BY id FOR UPDATE";

    private static final String BIND =
            "UPDATE customers SET billing_profile_id = #{profile_id} WHERE namespace = #{namespace} AND id = #{id}";

    /** A customer that was deleted needs its counterpart no more; another may be tied to it. */
    private static final String RELEASE =
            """
            DELETE FROM stripe_customer_links l
            USING customers c
            WHERE l.app_id = #{app_id} AND l.stripe_customer_id = #{stripe_customer_id}
              AND c.id = l.customer_id AND c.deleted_at IS NOT NULL
            """;

    /** What two requests that would wait for each other forever are told: one of them has gone on by then. */
    private static final Duration WHEN_TANGLED = Duration.ofSeconds(1);

    /**
     * A choice of the caller's is newer than all that is known, and each has a time of its own: Stripe would take two of
     * one time for one. Where none is made, a tie that was there keeps its default and a new one takes Stripe's.
     */
    private static final String TIE =
            """
            INSERT INTO stripe_customer_links AS l (
                id, namespace, app_id, account, customer_id, stripe_customer_id, parameters, labels,
                default_payment_method_id, default_payment_method_as_of, default_payment_method_set)
            VALUES (
                #{link_id}, #{namespace}, #{app_id}, #{account}, #{id}, #{stripe_customer_id}, '{}',
                coalesce(#{labels}::jsonb, '{}'), coalesce(#{chosen}::text, #{present}::text),
                CASE WHEN coalesce(#{chosen}::text, #{present}::text) IS NOT NULL THEN #{as_of}::timestamptz END,
                #{present}::text)
            ON CONFLICT (customer_id, app_id, account) DO UPDATE
            SET stripe_customer_id = excluded.stripe_customer_id,
                labels = coalesce(#{labels}::jsonb, l.labels),
                default_payment_method_id =
                    CASE WHEN #{chosen}::text IS NULL AND l.stripe_customer_id = excluded.stripe_customer_id
                        THEN l.default_payment_method_id ELSE excluded.default_payment_method_id END,
                default_payment_method_as_of =
                    CASE WHEN l.stripe_customer_id IS DISTINCT FROM excluded.stripe_customer_id
                        THEN excluded.default_payment_method_as_of
                        WHEN #{chosen}::text IS NULL THEN l.default_payment_method_as_of
                        ELSE greatest(excluded.default_payment_method_as_of,
                                      l.default_payment_method_as_of + interval '1 microsecond') END,
                default_payment_method_set =
                    CASE WHEN #{chosen}::text IS NULL AND l.stripe_customer_id = excluded.stripe_customer_id
                        THEN l.default_payment_method_set ELSE excluded.default_payment_method_set END,
                default_payment_method_set_up =
                    CASE WHEN #{chosen}::text IS NULL AND l.stripe_customer_id = excluded.stripe_customer_id
                        THEN l.default_payment_method_set_up END
            RETURNING id, account
            """;

    private final Postgres postgres;

    public PgCustomerBilling(Postgres postgres) {
        this.postgres = postgres;
    }

    @Override
    public Future<CustomerBilling> find(String namespace, String customerId, Place place) {
        return postgres.query(FIND, parametersOf(namespace, customerId, place).map())
                .map(rows -> toBilling(Rows.first(rows).orElseThrow(PgCustomerBilling::noCustomer)));
    }

    @Override
    public Future<CustomerBilling> change(Actor actor, String customerId, Change change) {
        return postgres.inTransaction(connection -> lock(connection, actor.namespace(), customerId)
                        .compose(locked -> read(connection, actor, customerId, change.from()))
                        .map(before -> unlessChanged(before, change.versions()))
                        .compose(before -> bind(connection, actor, customerId, change)
                                .compose(bound -> tie(connection, actor, customerId, change.tie()))
                                .compose(tied -> read(connection, actor, customerId, change.to()))
                                .compose(after -> note(connection, actor, customerId, before, after)
                                        .map(noted -> toBilling(after)))))
                .recover(PgCustomerBilling::explained);
    }

    private static Future<Void> lock(SqlConnection connection, String namespace, String customerId) {
        var key = Parameters.of("namespace", namespace).and("id", customerId).map();
        return Postgres.on(connection, LOCK_CUSTOMER, key)
                .map(rows -> Rows.first(rows).orElseThrow(PgCustomerBilling::noCustomer))
                .compose(row -> row.getOffsetDateTime("deleted_at") == null
                        ? Postgres.on(connection, LOCK_LINKS, key)
                        : Future.failedFuture(new GatewayException(Reason.GONE, "The customer was deleted")))
                .mapEmpty();
    }

    private static Future<Row> read(SqlClient connection, Actor actor, String customerId, Place place) {
        return Postgres.on(
                        connection,
                        FIND,
                        parametersOf(actor.namespace(), customerId, place).map())
                .map(rows -> rows.iterator().next());
    }

    private static Row unlessChanged(Row before, @Nullable Set<Long> versions) {
        if (versions != null && !versions.contains(toBilling(before).version())) {
            throw new GatewayException(
                    Reason.PRECONDITION_FAILED, "The customer's billing data have changed meanwhile; read them again");
        }
        return before;
    }

    private static Future<Void> bind(SqlClient connection, Actor actor, String customerId, Change change) {
        return change.binds()
                ? Postgres.on(
                                connection,
                                BIND,
                                Parameters.of("namespace", actor.namespace())
                                        .and("id", customerId)
                                        .and("profile_id", change.profileId())
                                        .map())
                        .mapEmpty()
                : Future.succeededFuture();
    }

    private static Future<Void> tie(
            SqlConnection connection, Actor actor, String customerId, @Nullable CustomerTie tie) {
        if (tie == null) {
            return Future.succeededFuture();
        }
        boolean toBeTold = tie.chosen() != null && !tie.chosen().equals(tie.present());
        Parameters parameters = parametersOf(actor, customerId, tie);
        return Postgres.on(connection, RELEASE, parameters.map())
                .compose(released -> Postgres.on(connection, TIE, parameters.map()))
                .map(rows -> rows.iterator().next())
                .compose(link -> toBeTold
                        ? DefaultPaymentMethods.tell(
                                connection, tie.appId(), link.getString("account"), link.getString("id"))
                        : Future.succeededFuture())
                .compose(told -> noteAccount(connection, actor, tie));
    }

    /** Stripe showed the counterpart, so its account is connected. */
    private static Future<Void> noteAccount(SqlConnection connection, Actor actor, CustomerTie tie) {
        String account = tie.account();
        return account == null
                ? Future.succeededFuture()
                : ConnectedAccountRows.seen(connection, actor, tie.appId(), account, null);
    }

    private static Parameters parametersOf(Actor actor, String customerId, CustomerTie tie) {
        return parametersOf(actor.namespace(), customerId, new Place(tie.appId(), tie.account()))
                .and("link_id", tie.linkId())
                .and("stripe_customer_id", tie.stripeCustomerId())
                .and("labels", tie.labels() == null ? null : Rows.json(tie.labels()))
                .and("chosen", tie.chosen())
                .and("present", tie.present())
                .and(
                        "as_of",
                        Rows.utc(tie.chosen() == null ? tie.asOf() : tie.asOf().plus(AFTER_WHAT_WAS_SEEN)));
    }

    private static Parameters parametersOf(String namespace, String customerId, Place place) {
        return Parameters.of("namespace", namespace)
                .and("id", customerId)
                .and("app_id", place.appId())
                .and("account", PgStripeCustomerLinks.orOwn(place.account()));
    }

    private static Future<Void> note(SqlClient connection, Actor actor, String customerId, Row before, Row after) {
        if (before.getString("state").equals(after.getString("state"))) {
            return Future.succeededFuture();
        }
        return AuditRows.append(
                connection,
                actor,
                "customer_billing.updated",
                "customer:" + customerId,
                before.getString("state"),
                after.getString("state"));
    }

    private static <T> Future<T> explained(Throwable failure) {
        if (Postgres.isDeadlock(failure)) {
            return Future.failedFuture(GatewayException.retryable(
                    Reason.CONFLICT, "Another request is moving the same counterparts", WHEN_TANGLED, failure));
        }
        return Future.failedFuture(
                Postgres.violates(failure, TAKEN)
                        ? new GatewayException(
                                Reason.CONFLICT, "The customer at Stripe is linked to another customer", failure)
                        : failure);
    }

    private static GatewayException noCustomer() {
        return new GatewayException(Reason.NOT_FOUND, "No customer has this id");
    }

    private static CustomerBilling toBilling(Row row) {
        String stripeCustomerId = row.getString("stripe_customer_id");
        return new CustomerBilling(
                row.getString("billing_profile_id"),
                stripeCustomerId == null
                        ? null
                        : new CustomerBilling.Counterpart(
                                stripeCustomerId,
                                row.getString("default_payment_method_id"),
                                Rows.strings(Objects.requireNonNull(row.getJsonObject("labels")))));
    }
}
