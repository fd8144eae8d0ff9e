package io.checkoutgateway.store;

import io.checkoutgateway.followup.DefaultChoice;
import io.checkoutgateway.followup.DefaultChoices;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The customers' default payment methods, in Postgres: columns of their links. */
public final class PgDefaultChoices implements DefaultChoices {
    private static final String FIND =
            """
            SELECT id, stripe_customer_id, default_payment_method_id, default_payment_method_as_of,
                   default_payment_method_set, default_payment_method_asked
            FROM stripe_customer_links
            WHERE app_id = #{app_id} AND id = #{id}
              AND stripe_customer_id IS NOT NULL AND default_payment_method_as_of IS NOT NULL
            """;

    private static final String UNCHANGED =
            """
             WHERE id = #{id} AND default_payment_method_as_of = #{as_of}
               AND default_payment_method_id IS NOT DISTINCT FROM #{payment_method_id}
            """;

    private static final String ASKING =
            """
            UPDATE stripe_customer_links
            SET default_payment_method_asked = #{payment_method_id}, default_payment_method_set = #{present}
            """
                    + UNCHANGED;

    private static final String TOLD =
            "UPDATE stripe_customer_links SET default_payment_method_set = #{payment_method_id}" + UNCHANGED;

    /** None is no choice: one that was made before it was taken away, and is heard of later, still counts. */
    private static final String ADOPT =
            """
            UPDATE stripe_customer_links
            SET default_payment_method_id = #{theirs},
                default_payment_method_as_of = CASE WHEN #{theirs}::text IS NULL
                    THEN default_payment_method_as_of ELSE #{theirs_as_of} END,
                default_payment_method_set = #{theirs},
                default_payment_method_set_up = CASE WHEN #{theirs}::text IS NULL
                    THEN default_payment_method_set_up END
            """
                    + UNCHANGED;

    private static final String WITHDRAW = "UPDATE stripe_customer_links SET default_payment_method_id = NULL"
            + UNCHANGED + " RETURNING id, app_id, account";

    private final Postgres postgres;

    public PgDefaultChoices(Postgres postgres) {
        this.postgres = postgres;
    }

    @Override
    public Future<Optional<DefaultChoice>> find(String appId, String linkId) {
        return postgres.query(
                        FIND, Parameters.of("app_id", appId).and("id", linkId).map())
                .map(rows -> Rows.first(rows).map(PgDefaultChoices::toChoice));
    }

    @Override
    public Future<Boolean> asking(DefaultChoice choice, @Nullable String present) {
        return postgres.query(
                        ASKING, parametersOf(choice).and("present", present).map())
                .map(rows -> rows.rowCount() > 0);
    }

    @Override
    public Future<Void> told(DefaultChoice choice) {
        return run(TOLD, parametersOf(choice));
    }

    @Override
    public Future<Void> adopt(DefaultChoice instead, @Nullable String paymentMethodId, Instant asOf) {
        return run(ADOPT, parametersOf(instead).and("theirs", paymentMethodId).and("theirs_as_of", Rows.utc(asOf)));
    }

    @Override
    public Future<Void> withdraw(DefaultChoice choice) {
        return postgres.inTransaction(connection -> Postgres.on(
                        connection, WITHDRAW, parametersOf(choice).map())
                .compose(rows -> Rows.first(rows)
                        .map(link -> DefaultPaymentMethods.tell(
                                connection, link.getString("app_id"), link.getString("account"), link.getString("id")))
                        .orElseGet(Future::succeededFuture)));
    }

    private Future<Void> run(String sql, Parameters parameters) {
        return postgres.query(sql, parameters.map()).mapEmpty();
    }

    private static Parameters parametersOf(DefaultChoice choice) {
        return Parameters.of("id", choice.linkId())
                .and("payment_method_id", choice.paymentMethodId())
                .and("as_of", Rows.utc(choice.asOf()));
    }

    private static DefaultChoice toChoice(Row row) {
        return new DefaultChoice(
                row.getString("id"),
                row.getString("stripe_customer_id"),
                row.getString("default_payment_method_id"),
                Rows.instantOf(row, "default_payment_method_as_of"),
                row.getString("default_payment_method_set"),
                row.getString("default_payment_method_asked"));
    }
}
