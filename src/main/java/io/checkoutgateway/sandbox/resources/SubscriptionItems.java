package io.checkoutgateway.sandbox.resources;

import io.checkoutgateway.sandbox.world.World;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.time.Period;
import java.time.ZoneOffset;
import java.util.List;

/** Writes what a subscription is to, as Stripe shows it ("The Subscription Item object"). */
final class SubscriptionItems {
    private final World world;

    SubscriptionItems(World world) {
        this.world = world;
    }

    /** The items of a new subscription; what is paid once is on its first invoice only. */
    JsonObject list(List<JsonObject> lines, JsonObject subscription) {
        JsonArray items = new JsonArray();
        lines.stream()
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
                .put("plan", plan(price))
                .put("price", price)
                .put("quantity", line.getLong("quantity"))
                .put("subscription", subscription.getString("id"))
                .put("tax_rates", new JsonArray());
    }

    /** The price once more, in the words that Stripe had for it before. */
    private JsonObject plan(JsonObject price) {
        JsonObject plan = world.object(price.getString("id"), "plan")
                .put("amount", price.getValue("unit_amount"))
                .put("amount_decimal", price.getValue("unit_amount_decimal"))
                .put("transform_usage", null)
                .mergeIn(price.getJsonObject("recurring").copy());
        List.of(
                        """
                        active billing_scheme created currency livemode metadata nickname product tiers_mode"""
                                .split("\\s+"))
                .forEach(name -> plan.put(name, price.getValue(name)));
        return plan;
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
