package io.checkoutgateway.sandbox.resources;

import io.checkoutgateway.sandbox.events.EventLog;
import io.checkoutgateway.sandbox.events.Origin;
import io.checkoutgateway.sandbox.http.Route;
import io.checkoutgateway.sandbox.wire.Fields;
import io.checkoutgateway.sandbox.wire.Metadata;
import io.checkoutgateway.sandbox.world.Account;
import io.checkoutgateway.sandbox.world.Kind;
import io.checkoutgateway.sandbox.world.World;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;

/**
 * Payment intents and subscriptions: as much of them as a session in payment or subscription mode leads to. Cards pay
 * at once; a bank debit leaves the session complete and unpaid until {@link #settle} says how it ended.
 */
public final class Purchases {
    private final World world;
    private final EventLog events;
    private final LineItems lineItems;

    public Purchases(World world, EventLog events, LineItems lineItems) {
        this.world = world;
        this.events = events;
        this.lineItems = lineItems;
    }

    public List<Route> routes() {
        return List.of(
                Route.get(
                        "/v1/payment_intents/{id}",
                        "payment_intent",
                        Fields.none(),
                        call -> call.subject(Kind.PAYMENT_INTENT)),
                Route.get(
                        "/v1/subscriptions/{id}",
                        "subscription",
                        Fields.none(),
                        call -> call.subject(Kind.SUBSCRIPTION)));
    }

    /** The bank has decided about a delayed payment; false when none is under way. */
    public boolean settle(Account account, JsonObject session, boolean paid) {
        String id = session.getString("payment_intent");
        boolean waiting =
                "complete".equals(session.getString("status")) && "unpaid".equals(session.getString("payment_status"));
        if (!waiting || id == null) {
            return false;
        }
        JsonObject intent = account.all(Kind.PAYMENT_INTENT).find(id).orElseThrow();
        intent.put("status", paid ? "succeeded" : "requires_payment_method")
                .put("amount_received", paid ? intent.getLong("amount") : 0L);
        if (!paid) {
            // A failed attempt leaves the PaymentIntent without a payment method. (Stripe, "The Payment Intents API".)
            intent.put("payment_method", null);
        }
        events.add(account, Origin.NONE, "payment_intent." + (paid ? "succeeded" : "payment_failed"), intent);
        if (paid) {
            session.put("payment_status", "paid");
        }
        String type = "checkout.session.async_payment_" + (paid ? "succeeded" : "failed");
        events.add(account, Origin.NONE, type, session);
        return true;
    }

    /** Whether the method stays with the customer afterwards: not after a single payment, unless asked for. */
    boolean keepsMethod(Account account, JsonObject session) {
        JsonObject data = Requests.object(account.hidden(session.getString("id")), "payment_intent_data");
        return !session.getString("mode").equals("payment") || data.getString("setup_future_usage") != null;
    }

    void complete(Account account, JsonObject session, JsonObject method) {
        boolean delayed = PaymentMethodTypes.DELAYED.contains(method.getString("type"));
        session.put("payment_status", delayed ? "unpaid" : "paid");
        if (session.getString("mode").equals("subscription")) {
            session.put("payment_status", "paid");
            session.put("subscription", subscribe(account, session, method).getString("id"));
        } else {
            session.put(
                    "payment_intent", charge(account, session, method, delayed).getString("id"));
        }
    }

    private JsonObject charge(Account account, JsonObject session, JsonObject method, boolean delayed) {
        JsonObject data = Requests.object(account.hidden(session.getString("id")), "payment_intent_data");
        String id = world.ids().full("pi");
        long amount = session.getLong("amount_total");
        JsonObject intent = world.object(id, "payment_intent");
        List.of(
                        """
                application application_fee_amount automatic_payment_methods canceled_at cancellation_reason
                customer_account excluded_payment_method_types last_payment_error latest_charge next_action
                on_behalf_of payment_method_configuration_details processing receipt_email review shipping
                source statement_descriptor statement_descriptor_suffix transfer_data transfer_group"""
                                .split("\\s+"))
                .forEach(name -> intent.put(name, null));
        intent.put("amount", amount)
                .put("amount_capturable", 0)
                .put("amount_details", new JsonObject().put("tip", new JsonObject()))
                .put("amount_received", delayed ? 0L : amount)
                .put("capture_method", data.getString("capture_method", "automatic_async"))
                .put("client_secret", world.ids().clientSecret(id))
                .put("confirmation_method", "automatic")
                .put("created", world.clock().seconds())
                .put("currency", session.getString("currency"))
                .put("customer", session.getString("customer"))
                .put("description", data.getString("description"))
                .put("livemode", false)
                .put("metadata", Metadata.merge(new JsonObject(), Requests.object(data, "metadata")))
                .put("payment_method", null)
                .put("payment_method_options", new JsonObject())
                .put(
                        "payment_method_types",
                        session.getJsonArray("payment_method_types").copy())
                .put("setup_future_usage", data.getString("setup_future_usage"))
                .put("status", "requires_payment_method");
        account.all(Kind.PAYMENT_INTENT).add(intent);
        events.add(account, Origin.NONE, "payment_intent.created", intent);
        intent.put("status", delayed ? "processing" : "succeeded").put("payment_method", method.getString("id"));
        events.add(account, Origin.NONE, delayed ? "payment_intent.processing" : "payment_intent.succeeded", intent);
        return intent;
    }

    private JsonObject subscribe(Account account, JsonObject session, JsonObject method) {
        JsonObject data = Requests.object(account.hidden(session.getString("id")), "subscription_data");
        long now = world.clock().seconds();
        JsonObject subscription = world.object(world.ids().full("sub"), "subscription");
        List.of(
                        """
                application application_fee_percent billing_cycle_anchor_config billing_thresholds cancel_at
                canceled_at customer_account days_until_due default_source ended_at latest_invoice
                next_pending_invoice_item_invoice on_behalf_of pause_collection
                pending_invoice_item_interval pending_setup_intent pending_update schedule test_clock
                transfer_data trial_end trial_start"""
                                .split("\\s+"))
                .forEach(name -> subscription.put(name, null));
        subscription
                .put("automatic_tax", new JsonObject().put("enabled", false).put("liability", null))
                .put("billing_cycle_anchor", now)
                .put("cancel_at_period_end", false)
                .put("collection_method", "charge_automatically")
                .put("created", now)
                .put("currency", session.getString("currency"))
                .put("customer", session.getString("customer"))
                .put("default_payment_method", null)
                .put("default_tax_rates", new JsonArray())
                .put("description", data.getString("description"))
                .put("discounts", new JsonArray())
                .put("items", items(account, session))
                .put("livemode", false)
                .put("metadata", Metadata.merge(new JsonObject(), Requests.object(data, "metadata")))
                .put("start_date", now)
                .put("status", "incomplete");
        account.all(Kind.SUBSCRIPTION).add(subscription);
        events.add(account, Origin.NONE, "customer.subscription.created", subscription);
        activate(account, subscription, method.getString("id"));
        return subscription;
    }

    /** The first invoice is paid, and Checkout leaves the payment method with the subscription. */
    private void activate(Account account, JsonObject subscription, String method) {
        subscription.put("status", "active").put("default_payment_method", method);
        JsonObject before = new JsonObject().put("status", "incomplete").put("default_payment_method", null);
        events.updated(account, Origin.NONE, "customer.subscription.updated", subscription, before);
    }

    private JsonObject items(Account account, JsonObject session) {
        JsonArray items = new JsonArray();
        lineItems
                .items(account, session.getString("id"))
                .forEach(line -> items.add(world.object(world.ids().brief("si"), "subscription_item")
                        .put("metadata", new JsonObject())
                        .put("price", line.getJsonObject("price").copy())
                        .put("quantity", line.getLong("quantity"))));
        return new JsonObject()
                .put("object", "list")
                .put("data", items)
                .put("has_more", false)
                .put("url", "/v1/subscription_items");
    }
}
