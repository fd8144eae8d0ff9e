package io.checkoutgateway.sandbox.resources;

import io.checkoutgateway.sandbox.wire.Metadata;
import io.checkoutgateway.sandbox.world.Account;
import io.checkoutgateway.sandbox.world.World;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.time.Period;
import java.time.ZoneOffset;
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

    SubscriptionObject(World world, LineItems lineItems) {
        this.world = world;
        this.lineItems = lineItems;
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
        return subscription.put("items", items(account, session, subscription));
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

    /** In Unix seconds; null without a trial. */
    private static @Nullable Long trialEnd(JsonObject data, long now) {
        Long days = data.getLong("trial_period_days");
        return days == null
                ? data.getLong("trial_end")
                : Long.valueOf(now + Duration.ofDays(days).toSeconds());
    }

    /** What is paid once is on the first invoice only. */
    private JsonObject items(Account account, JsonObject session, JsonObject subscription) {
        JsonArray items = new JsonArray();
        lineItems.items(account, session.getString("id")).stream()
                .filter(line -> line.getJsonObject("price").getString("type").equals("recurring"))
                .forEach(line -> items.add(item(line, subscription)));
        return new JsonObject()
                .put("object", "list")
                .put("data", items)
                .put("has_more", false)
                .put("total_count", items.size())
                .put("url", "/v1/subscription_items?subscription=" + subscription.getString("id"));
    }

    private JsonObject item(JsonObject line, JsonObject subscription) {
        JsonObject price = line.getJsonObject("price").copy();
        long start = subscription.getLong("start_date");
        Long trialEnd = subscription.getLong("trial_end");
        return world.object(world.ids().brief("si"), "subscription_item")
                .put("billing_thresholds", null)
                .put("created", start)
                .put("current_period_end", trialEnd == null ? end(start, price.getJsonObject("recurring")) : trialEnd)
                .put("current_period_start", start)
                .put("discounts", new JsonArray())
                .put("metadata", new JsonObject())
                .put("price", price)
                .put("quantity", line.getLong("quantity"))
                .put("subscription", subscription.getString("id"))
                .put("tax_rates", new JsonArray());
    }

    private static long end(long start, JsonObject recurring) {
        int count = recurring.getLong("interval_count").intValue();
        Period period =
                switch (recurring.getString("interval")) {
                    case "day" -> Period.ofDays(count);
                    case "week" -> Period.ofWeeks(count);
                    case "year" -> Period.ofYears(count);
                    default -> Period.ofMonths(count);
                };
        return Instant.ofEpochSecond(start)
                .atOffset(ZoneOffset.UTC)
                .plus(period)
                .toEpochSecond();
    }
}
