package io.checkoutgateway.store;

import io.checkoutgateway.customers.StripeCustomerLink;
import io.checkoutgateway.customers.StripeCustomerLinks;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The ties between customers and Stripe's, in Postgres. */
public final class PgStripeCustomerLinks implements StripeCustomerLinks {
    private static final String COLUMNS =
            "id, app_id, customer_id, stripe_customer_id, parameters, attempt, attempt_started_at";

    private static final String FIND = "SELECT " + COLUMNS
            + " FROM stripe_customer_links WHERE customer_id = #{customer_id} AND app_id = #{app_id} AND account = #{account}";

    private static final String FIND_BY_ID = "SELECT " + COLUMNS + " FROM stripe_customer_links WHERE id = #{id}";

    private static final String ADD =
            """
            INSERT INTO stripe_customer_links (id, namespace, app_id, account, customer_id, parameters)
            VALUES (#{id}, #{namespace}, #{app_id}, #{account}, #{customer_id}, #{parameters})
            ON CONFLICT (customer_id, app_id, account) DO NOTHING
            """;

    /** With a counterpart in it, a connected account is known. */
    private static final String COMPLETE =
            """
            WITH completed AS (
                UPDATE stripe_customer_links
                SET stripe_customer_id = #{stripe_customer_id}
                WHERE id = #{id} AND stripe_customer_id IS NULL
                RETURNING app_id, account
            )
            INSERT INTO connected_accounts (app_id, account, seen_at)
            SELECT app_id, account, now() FROM completed WHERE account <> ''
            ON CONFLICT (account, app_id) DO NOTHING
            """;

    private static final String NEXT_ATTEMPT =
            """
            UPDATE stripe_customer_links
            SET attempt = attempt + 1, attempt_started_at = now(), parameters = #{parameters}
            WHERE id = #{id} AND attempt = #{attempt} AND stripe_customer_id IS NULL
            """;

    private final Postgres postgres;

    public PgStripeCustomerLinks(Postgres postgres) {
        this.postgres = postgres;
    }

    @Override
    public Future<Optional<StripeCustomerLink>> find(String appId, @Nullable String account, String customerId) {
        return postgres.query(FIND, Map.of("app_id", appId, "account", orOwn(account), "customer_id", customerId))
                .map(rows -> Rows.first(rows).map(PgStripeCustomerLinks::toLink));
    }

    @Override
    public Future<StripeCustomerLink> ensure(
            String id,
            String namespace,
            String appId,
            @Nullable String account,
            String customerId,
            JsonObject parameters) {
        // Read first: after the first call of a customer's life the link is there.
        return find(appId, account, customerId).compose(found -> found.map(Future::succeededFuture)
                .orElseGet(() -> add(id, namespace, appId, orOwn(account), customerId, parameters)));
    }

    private Future<StripeCustomerLink> add(
            String id, String namespace, String appId, String account, String customerId, JsonObject parameters) {
        Map<String, Object> row = Map.of(
                "id", id,
                "namespace", namespace,
                "app_id", appId,
                "account", account,
                "customer_id", customerId,
                "parameters", parameters);
        return postgres.query(ADD, row)
                .compose(added -> postgres.query(FIND, row))
                .map(PgStripeCustomerLinks::only);
    }

    @Override
    public Future<StripeCustomerLink> complete(String id, String stripeCustomerId) {
        return postgres.query(COMPLETE, Map.of("id", id, "stripe_customer_id", stripeCustomerId))
                .compose(done -> byId(id));
    }

    @Override
    public Future<StripeCustomerLink> nextAttempt(StripeCustomerLink link, JsonObject parameters) {
        return postgres.query(
                        NEXT_ATTEMPT, Map.of("id", link.id(), "attempt", link.attempt(), "parameters", parameters))
                .compose(done -> byId(link.id()));
    }

    private Future<StripeCustomerLink> byId(String id) {
        return postgres.query(FIND_BY_ID, Map.of("id", id)).map(PgStripeCustomerLinks::only);
    }

    /** How the table says whose account it is: a unique index takes no NULL for the same as another. */
    static String orOwn(@Nullable String account) {
        return account == null ? "" : account;
    }

    private static StripeCustomerLink only(Iterable<Row> rows) {
        return toLink(rows.iterator().next());
    }

    private static StripeCustomerLink toLink(Row row) {
        return new StripeCustomerLink(
                row.getString("id"),
                row.getString("app_id"),
                row.getString("customer_id"),
                row.getString("stripe_customer_id"),
                row.getJsonObject("parameters"),
                row.getInteger("attempt"),
                Rows.instantOf(row, "attempt_started_at"));
    }
}
