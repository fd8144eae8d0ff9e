package io.checkoutgateway.sandbox.resources;

import io.checkoutgateway.sandbox.events.EventLog;
import io.checkoutgateway.sandbox.events.Origin;
import io.checkoutgateway.sandbox.http.Route;
import io.checkoutgateway.sandbox.wire.Fields;
import io.checkoutgateway.sandbox.wire.Metadata;
import io.checkoutgateway.sandbox.world.Account;
import io.checkoutgateway.sandbox.world.Kind;
import io.checkoutgateway.sandbox.world.World;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code /v1/payment_intents}: as much of them as a session in payment mode leads to. */
final class PaymentIntents {
    private static final String TYPE = "payment_intent";

    /** There always, and nothing here gives them a value. */
    private static final List<String> NULL = List.of(
            """
            application application_fee_amount automatic_payment_methods canceled_at cancellation_reason
            customer_account excluded_payment_method_types last_payment_error latest_charge next_action
            on_behalf_of processing receipt_email review shipping source
            statement_descriptor statement_descriptor_suffix transfer_data transfer_group"""
                    .split("\\s+"));

    private final World world;
    private final EventLog events;

    PaymentIntents(World world, EventLog events) {
        this.world = world;
        this.events = events;
    }

    Route retrieve() {
        return Route.get("/v1/payment_intents/{id}", TYPE, Fields.none(), call -> call.subject(Kind.PAYMENT_INTENT));
    }

    /** Pays what a session costs; {@code payment_status} says whether the money is there. */
    JsonObject charge(Account account, JsonObject session, JsonObject method) {
        JsonObject intent = create(account, session);
        account.all(Kind.PAYMENT_INTENT).add(intent);
        events.add(account, Origin.NONE, "payment_intent.created", intent);
        boolean paid = session.getString("payment_status").equals("paid");
        intent.put("status", paid ? "succeeded" : "processing")
                .put("payment_method", method.getString("id"))
                .put("amount_received", paid ? intent.getLong("amount") : 0L);
        events.add(account, Origin.NONE, "payment_intent." + intent.getString("status"), intent);
        return intent;
    }

    /** The bank has decided. */
    void settle(Account account, String id, boolean paid) {
        JsonObject intent = account.all(Kind.PAYMENT_INTENT).find(id).orElseThrow();
        intent.put("status", paid ? "succeeded" : "requires_payment_method")
                .put("amount_received", paid ? intent.getLong("amount") : 0L);
        if (!paid) {
            // A failed attempt leaves the PaymentIntent without a payment method. (Stripe, "The Payment Intents API".)
            intent.put("payment_method", null);
        }
        events.add(account, Origin.NONE, "payment_intent." + (paid ? "succeeded" : "payment_failed"), intent);
    }

    private JsonObject create(Account account, JsonObject session) {
        JsonObject data = Requests.object(account.hidden(session.getString("id")), "payment_intent_data");
        String id = world.ids().full("pi");
        JsonObject intent = world.object(id, TYPE);
        NULL.forEach(name -> intent.put(name, null));
        return intent.put("amount", session.getLong("amount_total"))
                .put("amount_capturable", 0)
                .put("amount_details", new JsonObject().put("tip", new JsonObject()))
                .put("amount_received", 0L)
                .put("capture_method", data.getString("capture_method", "automatic_async"))
                .put("client_secret", world.ids().clientSecret(id))
                .put("confirmation_method", "automatic")
                .put("created", world.clock().seconds())
                .put("currency", session.getString("currency"))
                .put("customer", session.getString("customer"))
                .put("description", data.getString("description"))
                .put("livemode", false)
                .put("managed_payments", new JsonObject().put("enabled", false))
                .put("metadata", Metadata.merge(new JsonObject(), Requests.object(data, "metadata")))
                .put("payment_method", null)
                .put("payment_method_configuration_details", copied(session, "payment_method_configuration_details"))
                .put("payment_method_options", copied(session, "payment_method_options"))
                .put(
                        "payment_method_types",
                        session.getJsonArray("payment_method_types").copy())
                .put("setup_future_usage", data.getString("setup_future_usage"))
                .put("status", "requires_payment_method");
    }

    private static @Nullable JsonObject copied(JsonObject session, String name) {
        JsonObject value = session.getJsonObject(name);
        return value == null ? null : value.copy();
    }
}
