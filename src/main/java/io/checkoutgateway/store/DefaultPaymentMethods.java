package io.checkoutgateway.store;

import io.checkoutgateway.events.Meaning.Choice;
import io.checkoutgateway.followup.FollowUp;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * The payment method that a customer shall be charged with, as steps of the transaction that learnt of a choice. The
 * choice made last holds, whatever arrives last; of two set up in one second, the one with the greater id, also where
 * Stripe was told of the other meanwhile or it was detached since, so that every order of arrival ends alike. A method that was detached cannot come back, and is no choice. Nor is it one that Stripe
 * holds none any more when it held another than the link, and where it is, it takes nothing away but that method: Stripe
 * itself forgets what is detached, also while it is still to be told of a newer one.
 *
 * <p>Where that does not say what Stripe holds now, a follow-up looks.
 */
final class DefaultPaymentMethods {
    private static final String CHOOSE =
            """
            WITH held AS (
                SELECT l.id, l.account, l.default_payment_method_id AS method, l.default_payment_method_set AS told,
                       coalesce(l.default_payment_method_as_of < #{at}, true) AS older,
                       coalesce(l.default_payment_method_as_of = #{at}, false) AS tied,
                       l.default_payment_method_set_up AS set_up,
                       l.default_payment_method_as_of IS NOT NULL AS known,
                       CASE WHEN EXISTS (
                           SELECT FROM stripe_events
                           WHERE app_id = #{app_id} AND object_id = #{payment_method_id}
                             AND type = 'payment_method.detached')
                           THEN NULL ELSE #{payment_method_id}::text END AS chosen
                FROM stripe_customer_links l
                WHERE l.app_id = #{app_id} AND l.stripe_customer_id = #{stripe_customer_id}
                FOR UPDATE
            ), changed AS (
                UPDATE stripe_customer_links l
                SET default_payment_method_id = held.chosen,
                    default_payment_method_as_of =
                        CASE WHEN #{payment_method_id}::text IS NULL AND held.known
                            THEN default_payment_method_as_of ELSE #{at} END,
                    default_payment_method_set =
                        CASE WHEN #{by}::text = 'OTHERS' THEN held.chosen ELSE default_payment_method_set END,
                    default_payment_method_set_up =
                        CASE WHEN #{by}::text = 'SET_UP' THEN #{payment_method_id}::text
                            WHEN #{payment_method_id}::text IS NOT NULL THEN NULL
                            ELSE default_payment_method_set_up END
                FROM held
                WHERE l.id = held.id
                  AND ((held.older AND #{by}::text <> 'GATEWAY'
                        AND NOT (#{payment_method_id}::text IS NULL
                                 AND held.method IS DISTINCT FROM #{before}::text))
                       OR (held.tied AND #{by}::text = 'SET_UP'
                           AND (held.set_up IS NOT NULL OR held.method IS NULL
                                OR held.method IS DISTINCT FROM held.told)
                           AND coalesce(held.set_up, held.method, '') COLLATE "C" < #{payment_method_id}::text))
                RETURNING l.id
            ), heard AS (
                UPDATE stripe_customer_links l
                SET default_payment_method_set = held.chosen
                FROM held
                WHERE l.id = held.id AND held.known AND (held.older OR held.tied) AND #{by}::text = 'GATEWAY'
            )
            SELECT held.*, changed.id IS NOT NULL AS changed FROM held LEFT JOIN changed ON changed.id = held.id
            """;

    /** Its time stays: what was chosen before it was no choice any more when this one was made. */
    private static final String CLEAR =
            """
            WITH held AS (
                SELECT id, account, default_payment_method_set AS told
                FROM stripe_customer_links
                WHERE app_id = #{app_id} AND default_payment_method_id = #{payment_method_id}
                FOR UPDATE
            )
            UPDATE stripe_customer_links l
            SET default_payment_method_id = NULL,
                default_payment_method_set = nullif(held.told, #{payment_method_id})
            FROM held
            WHERE l.id = held.id
            RETURNING held.id, held.account, held.told
            """;

    private static final String UNLINK =
            """
            DELETE FROM stripe_customer_links WHERE app_id = #{app_id} AND stripe_customer_id = #{stripe_customer_id}
            """;

    private DefaultPaymentMethods() {}

    /**
     * Remembers a choice unless a newer one is known, and sees to it that Stripe and the link hold the same in the end;
     * whether there was anything to do.
     */
    static Future<Boolean> choose(SqlConnection connection, String appId, Choice choice) {
        return choose(connection, appId, choice, false);
    }

    /** @param background whether nobody waits for Stripe to learn of it */
    static Future<Boolean> choose(SqlConnection connection, String appId, Choice choice, boolean background) {
        Parameters parameters = Parameters.of("app_id", appId)
                .and("stripe_customer_id", choice.stripeCustomerId())
                .and("payment_method_id", choice.paymentMethodId())
                .and("before", choice.before())
                .and("at", Rows.utc(choice.at()))
                .and("by", choice.by().name());
        return Postgres.on(connection, CHOOSE, parameters.map()).compose(rows -> Rows.first(rows)
                .map(link -> follow(connection, appId, choice.by(), link, background))
                .orElseGet(() -> Future.succeededFuture(false)));
    }

    private static Future<Boolean> follow(
            SqlConnection connection, String appId, Choice.By by, Row link, boolean background) {
        boolean changed = link.getBoolean("changed");
        return isUnheard(by, link, changed) || isDoubtful(by, link)
                ? tell(connection, telling(appId, link.getString("account"), link.getString("id")), background)
                        .map(true)
                : Future.succeededFuture(changed);
    }

    /**
     * Whether Stripe is still to be told of what was set up. It may have been heard of before: then telling was given up,
     * and is begun again.
     */
    private static boolean isUnheard(Choice.By by, Row link, boolean changed) {
        String chosen = link.getString("chosen");
        boolean untold =
                chosen != null && chosen.equals(link.getString("method")) && !chosen.equals(link.getString("told"));
        return by == Choice.By.SET_UP && (changed || untold);
    }

    /**
     * Whether Stripe may hold something else than the link does now. What others chose may have been overwritten by what
     * the gateway told since, be it that there is none. What the gateway told may have overwritten what others chose before; it says nothing of a
     * set-up that is newer, so that it is no choice itself. And of what happened in one second only Stripe knows the end.
     */
    private static boolean isDoubtful(Choice.By by, Row link) {
        String method = link.getString("method");
        boolean recent = link.getBoolean("older") || link.getBoolean("tied");
        boolean differs = recent && !Objects.equals(method, link.getString("chosen"));
        return switch (by) {
            case SET_UP -> differs && link.getBoolean("tied") && isChosenAtStripe(link);
            case OTHERS -> differs && link.getBoolean("known");
            case GATEWAY -> differs;
        };
    }

    /** What was set up here is at Stripe only because the gateway asked for it. */
    private static boolean isChosenAtStripe(Row link) {
        String method = link.getString("method");
        return link.getString("set_up") == null && method != null && method.equals(link.getString("told"));
    }

    /**
     * Sees to it that Stripe learns of the choice that the link holds, or the link of Stripe's.
     *
     * @param account as the link has it: empty for the app's own
     */
    static Future<Void> tell(SqlConnection connection, String appId, String account, String linkId) {
        return tell(connection, telling(appId, account, linkId), false);
    }

    private static Future<Void> tell(SqlConnection connection, FollowUp telling, boolean background) {
        return FollowUpRows.add(connection, background ? telling.inBackground() : telling);
    }

    private static FollowUp telling(String appId, String account, String linkId) {
        return new FollowUp(
                FollowUp.Kind.SET_DEFAULT_PAYMENT_METHOD, appId, account.isEmpty() ? null : account, linkId);
    }

    /**
     * Forgets the default where it is this one; whether it was. Stripe does so by itself, unless it holds the one before,
     * because it was not told of this one in time.
     */
    static Future<Boolean> clear(SqlConnection connection, String appId, String paymentMethodId) {
        return Postgres.on(connection, CLEAR, Map.of("app_id", appId, "payment_method_id", paymentMethodId))
                .compose(rows -> {
                    Stream<Future<Void>> told = StreamSupport.stream(rows.spliterator(), false)
                            .filter(link -> !paymentMethodId.equals(link.getString("told")))
                            .map(link -> tell(connection, appId, link.getString("account"), link.getString("id")));
                    return Future.all(told.toList()).map(rows.rowCount() > 0);
                });
    }

    /** Parts a customer from a counterpart that is gone, so that the next session makes it another; whether it had. */
    static Future<Boolean> unlink(SqlConnection connection, String appId, String stripeCustomerId) {
        return Postgres.on(connection, UNLINK, Map.of("app_id", appId, "stripe_customer_id", stripeCustomerId))
                .map(rows -> rows.rowCount() > 0);
    }
}
