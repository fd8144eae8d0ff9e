package io.checkoutgateway.sandbox.resources;

import io.checkoutgateway.sandbox.wire.Metadata;
import io.checkoutgateway.sandbox.world.Account;
import io.checkoutgateway.sandbox.world.World;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes a new subscription as Stripe shows it ("The Subscription object", 2026-07-29.dahlia). */
final class SubscriptionObject {
    /** There always, null unless something else is said below. */
    private static final List<String> NULLABLE = List.of(
            """
            application application_fee_percent billing_cycle_anchor_config billing_thresholds cancel_at
            canceled_at customer_account days_until_due default_payment_method default_source description ended_at
            latest_invoice next_pending_invoice_item_invoice on_behalf_of pause_collection
            pending_invoice_item_interval pending_setup_intent pending_update schedule test_clock
            transfer_data trial_end trial_start"""
                    .split("\\s+"));

    private final World world;
    private final LineItems lineItems;
    private final SubscriptionItems items;

    SubscriptionObject(World world, LineItems lineItems) {
        this.world = world;
        this.lineItems = lineItems;
        this.items = new SubscriptionItems(world);
    }

    /** A new one that is {@code incomplete} and of which nobody knows. */
    JsonObject create(Account account, JsonObject session) {
        JsonObject data = Requests.object(account.hidden(session.getString("id")), "subscription_data");
        long now = world.clock().seconds();
        Long trialEnd = trialEnd(data, now);
        JsonObject subscription = world.object(world.ids().full("sub"), "subscription");
        NULLABLE.forEach(name -> subscription.put(name, null));
        subscription
                .put("billing_cycle_anchor", trialEnd == null ? now : trialEnd)
                .put("cancel_at_period_end", false)
                .put("collection_method", "charge_automatically")
                .put("created", now)
                .put("currency", session.getString("currency"))
                .put("customer", session.getString("customer"))
                .put("description", data.getString("description"))
                .put("livemode", false)
                .put("metadata", Metadata.merge(new JsonObject(), Requests.object(data, "metadata")))
                .put("start_date", now)
                .put("status", "incomplete")
                .put("trial_end", trialEnd)
                .put("trial_start", trialEnd == null ? null : now);
        settings(subscription, data);
        billing(subscription, data, session.getLong("created"));
        List<JsonObject> lines = lineItems.items(account, session.getString("id"));
        return subscription.put("items", items.list(lines, subscription));
    }

    private static void settings(JsonObject subscription, JsonObject data) {
        JsonObject endBehavior = new JsonObject()
                .put("missing_payment_method", "create_invoice")
                .mergeIn(Requests.object(Requests.object(data, "trial_settings"), "end_behavior"));
        subscription
                .put(
                        "automatic_tax",
                        new JsonObject()
                                .put("disabled_reason", null)
                                .put("enabled", false)
                                .put("liability", null))
                .put(
                        "cancellation_details",
                        new JsonObject()
                                .put("comment", null)
                                .put("feedback", null)
                                .put("reason", null))
                .put("default_tax_rates", new JsonArray())
                .put("discounts", new JsonArray())
                .put(
                        "invoice_settings",
                        new JsonObject()
                                .put("account_tax_ids", null)
                                .put("issuer", new JsonObject().put("type", "self")))
                .put(
                        "payment_settings",
                        new JsonObject()
                                .put("payment_method_options", null)
                                .put("payment_method_types", null)
                                .put("save_default_payment_method", "off"))
                .put("trial_settings", new JsonObject().put("end_behavior", endBehavior));
    }

    /** The mode that API versions since 2025-09-30.clover choose; Checkout dates it by the session. */
    private static void billing(JsonObject subscription, JsonObject data, long since) {
        String type = Requests.object(data, "billing_mode").getString("type", "flexible");
        JsonObject flexible = type.equals("flexible") ? new JsonObject().put("proration_discounts", "included") : null;
        subscription
                .put(
                        "billing_mode",
                        new JsonObject()
                                .put("flexible", flexible)
                                .put("type", type)
                                .put("updated_at", since))
                .put("managed_payments", new JsonObject().put("enabled", false));
    }

    /** In Unix seconds; null without a trial. */
    private static @Nullable Long trialEnd(JsonObject data, long now) {
        Long days = data.getLong("trial_period_days");
        return days == null
                ? data.getLong("trial_end")
                : Long.valueOf(now + Duration.ofDays(days).toSeconds());
    }
}
