package io.checkoutgateway.store;

import io.checkoutgateway.checkout.Change;
import io.checkoutgateway.checkout.CheckoutSession;
import io.checkoutgateway.checkout.CheckoutStatus;
import io.checkoutgateway.checkout.Payment;
import io.checkoutgateway.checkout.SetupIntent;
import io.checkoutgateway.checkout.StripeSession;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import org.jspecify.annotations.Nullable;

/** One row of {@code checkout_sessions}, in both directions. */
final class SessionRow {
    static final String COLUMNS =
            """
            id, djstripe_id, namespace, app_id, stripe_account_id, livemode, customer_id, stripe_customer_id, status,
            failure_code, failure_detail, stripe, stripe_as_of, requested_metadata, setup_intent_id,
            setup_intent_status, payment_method_id, setup_error, setup_intent_as_of, payment_settled, payment_as_of,
            created_at, updated_at, completed_at, version, heard
            """;

    private SessionRow() {}

    static CheckoutSession toSession(Row row) {
        JsonObject object = row.getJsonObject("stripe");
        CheckoutStatus status = CheckoutStatus.of(row.getString("status"));
        StripeSession stripe = object == null ? null : StripeSession.of(object).otherwise(status);
        return new CheckoutSession(
                row.getString("id"),
                row.getInteger("djstripe_id"),
                row.getString("namespace"),
                row.getString("app_id"),
                row.getString("stripe_account_id"),
                row.getBoolean("livemode"),
                row.getString("customer_id"),
                row.getString("stripe_customer_id"),
                status,
                toFailure(row),
                stripe,
                Rows.instant(row, "stripe_as_of"),
                Rows.strings(row.getJsonObject("requested_metadata")),
                toSetupIntent(row),
                Rows.instant(row, "setup_intent_as_of"),
                toPayment(row, stripe),
                Rows.instant(row, "payment_as_of"),
                Rows.instantOf(row, "created_at"),
                Rows.instantOf(row, "updated_at"),
                Rows.instant(row, "completed_at"),
                row.getLong("version"),
                row.getLong("heard"));
    }

    private static CheckoutSession.@Nullable Failure toFailure(Row row) {
        String code = row.getString("failure_code");
        return code == null ? null : new CheckoutSession.Failure(code, row.getString("failure_detail"));
    }

    private static @Nullable SetupIntent toSetupIntent(Row row) {
        String id = row.getString("setup_intent_id");
        if (id == null) {
            return null;
        }
        return new SetupIntent(
                id,
                row.getString("setup_intent_status"),
                row.getString("payment_method_id"),
                toSetupError(row.getJsonObject("setup_error")));
    }

    /** The session's own object names it. */
    private static @Nullable Payment toPayment(Row row, @Nullable StripeSession stripe) {
        Boolean settled = row.getBoolean("payment_settled");
        String id = stripe == null ? null : stripe.payment();
        return settled == null || id == null ? null : new Payment(id, settled, row.getString("payment_method_id"));
    }

    static SetupIntent.@Nullable SetupError toSetupError(@Nullable JsonObject error) {
        return error == null
                ? null
                : new SetupIntent.SetupError(
                        error.getString("code"), error.getString("decline_code"), error.getString("message"));
    }

    /** The columns that a change sets, for statements that name them alike. */
    static Parameters toParameters(CheckoutSession known, Change change) {
        Parameters parameters = Parameters.of("id", known.id())
                .and("status", change.status().word())
                .and("stripe_as_of", Rows.utc(change.stripeAsOf()))
                .and("setup_intent_as_of", Rows.utc(change.setupIntentAsOf()))
                .and("completed_at", Rows.utc(change.completedAt()))
                .and("open_ended", change.isOpenEnded());
        addSetupIntent(parameters, change.setupIntent());
        addPayment(parameters, change);
        addStripe(parameters, change.stripe());
        return parameters;
    }

    private static void addSetupIntent(Parameters parameters, @Nullable SetupIntent intent) {
        parameters
                .and("setup_intent_id", intent == null ? null : intent.id())
                .and("setup_intent_status", intent == null ? null : intent.status())
                .and("setup_error", intent == null ? null : toJson(intent.lastError()));
    }

    private static void addPayment(Parameters parameters, Change change) {
        Payment payment = change.payment();
        parameters
                .and("payment_method_id", change.paymentMethodId())
                .and("payment_settled", payment == null ? null : payment.settled())
                .and("payment_as_of", Rows.utc(change.paymentAsOf()));
    }

    static @Nullable JsonObject toJson(SetupIntent.@Nullable SetupError error) {
        return error == null
                ? null
                : new JsonObject()
                        .put("code", error.code())
                        .put("decline_code", error.declineCode())
                        .put("message", error.message());
    }

    private static void addStripe(Parameters parameters, @Nullable StripeSession stripe) {
        if (stripe == null) {
            SessionColumns.NAMES.forEach(name -> parameters.and(name, null));
        } else {
            SessionColumns.of(stripe).forEach(parameters::and);
        }
    }
}
