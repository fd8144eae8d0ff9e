package io.checkoutgateway.store;

import io.checkoutgateway.events.Meaning;
import io.checkoutgateway.followup.FollowUp;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import java.util.Map;

/**
 * The payment method that a customer shall be charged with, as steps of the transaction that learnt of a choice. The
 * choice made last holds, whatever arrives last; of two in one second, the one with the greater id, so that every
 * order of arrival ends alike. A method that was detached cannot come back, and is no choice.
 */
final class DefaultPaymentMethods {
    private static final String CHOOSE =
            """
            WITH chosen AS (
                SELECT CASE WHEN EXISTS (
                    SELECT FROM stripe_events
                    WHERE app_id = #{app_id} AND object_id = #{payment_method_id}
                      AND type = 'payment_method.detached')
                    THEN NULL ELSE #{payment_method_id}::text END AS id
            )
            UPDATE stripe_customer_links l
            SET default_payment_method_id = chosen.id,
                default_payment_method_as_of = #{at},
                default_payment_method_set = CASE WHEN #{at_stripe} THEN chosen.id ELSE default_payment_method_set END
            FROM chosen
            WHERE l.app_id = #{app_id} AND l.stripe_customer_id = #{stripe_customer_id}
              AND (l.default_payment_method_as_of IS NULL
                   OR l.default_payment_method_as_of < #{at}
                   OR (l.default_payment_method_as_of = #{at}
                       AND coalesce(l.default_payment_method_id, '') < coalesce(chosen.id, '')))
            RETURNING l.id, l.account, l.default_payment_method_id
            """;

    /** Its time stays: what was chosen before it was no choice any more when this one was made. */
    private static final String CLEAR =
            """
            UPDATE stripe_customer_links
            SET default_payment_method_id = NULL, default_payment_method_set = NULL
            WHERE app_id = #{app_id} AND default_payment_method_id = #{payment_method_id}
            """;

    private static final String UNLINK =
            """
            DELETE FROM stripe_customer_links WHERE app_id = #{app_id} AND stripe_customer_id = #{stripe_customer_id}
            """;

    private DefaultPaymentMethods() {}

    /** Remembers a choice unless a newer one is known, and sees to it that Stripe learns of it; whether it was new. */
    static Future<Boolean> choose(SqlConnection connection, String appId, Meaning.Choice choice) {
        Parameters parameters = Parameters.of("app_id", appId)
                .and("stripe_customer_id", choice.stripeCustomerId())
                .and("payment_method_id", choice.paymentMethodId())
                .and("at", Rows.utc(choice.at()))
                .and("at_stripe", choice.atStripe());
        return Postgres.on(connection, CHOOSE, parameters.map()).compose(rows -> Rows.first(rows)
                .map(link -> choice.atStripe() || link.getString("default_payment_method_id") == null
                        ? Future.succeededFuture(true)
                        : tell(connection, appId, link.getString("account"), link.getString("id"))
                                .map(true))
                .orElseGet(() -> Future.succeededFuture(false)));
    }

    /**
     * Sees to it that Stripe learns of the choice that the link holds.
     *
     * @param account as the link has it: empty for the app's own
     */
    static Future<Void> tell(SqlConnection connection, String appId, String account, String linkId) {
        return FollowUpRows.add(
                connection,
                new FollowUp(
                        FollowUp.Kind.SET_DEFAULT_PAYMENT_METHOD, appId, account.isEmpty() ? null : account, linkId));
    }

    /** Forgets the default where it is this one; whether it was. Stripe does so by itself. */
    static Future<Boolean> clear(SqlConnection connection, String appId, String paymentMethodId) {
        return Postgres.on(connection, CLEAR, Map.of("app_id", appId, "payment_method_id", paymentMethodId))
                .map(rows -> rows.rowCount() > 0);
    }

    /** Parts a customer from a counterpart that is gone, so that the next session makes it another; whether it had. */
    static Future<Boolean> unlink(SqlConnection connection, String appId, String stripeCustomerId) {
        return Postgres.on(connection, UNLINK, Map.of("app_id", appId, "stripe_customer_id", stripeCustomerId))
                .map(rows -> rows.rowCount() > 0);
    }
}
