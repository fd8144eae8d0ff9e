package io.checkoutgateway.sandbox.resources;

import io.checkoutgateway.sandbox.wire.StripeError;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** What the parameters of a session that sells something must be to one another and to the time. */
final class SaleRules {
    /** "Has to be at least 48 hours in the future." ("Create a Checkout Session", {@code trial_end}.) */
    static final long SHORTEST_TRIAL_SECONDS = 48 * 60 * 60;
    /** "The trial period must be 730 days (2 years) or less." ("Use free trial periods on subscriptions".) */
    static final long LONGEST_TRIAL_DAYS = 730;

    private static final long SECONDS_OF_A_DAY = 24 * 60 * 60;
    private static final String DATA = "subscription_data";

    private SaleRules() {}

    /** @param now in Unix seconds */
    static void check(JsonObject params, long now) {
        prices(params);
        discounts(params);
        trial(Requests.object(params, DATA), now);
    }

    /** Whether the customer is charged later for what recurs. */
    static boolean hasTrial(JsonObject params) {
        JsonObject data = Requests.object(params, DATA);
        return data.getValue("trial_end") != null || data.getValue("trial_period_days") != null;
    }

    private static void prices(JsonObject params) {
        JsonArray items = params.getJsonArray("line_items");
        int[] recurring = IntStream.range(0, items.size())
                .filter(i -> recurs(items.getJsonObject(i)))
                .toArray();
        String mode = params.getString("mode");
        if (mode.equals("payment") && recurring.length > 0) {
            throw StripeError.parameter(
                    "You specified `payment` mode but passed a recurring price. Either switch to `subscription` mode or "
                            + "use only one-time prices.",
                    "line_items[" + recurring[0] + "]");
        }
        if (mode.equals("subscription") && recurring.length == 0) {
            throw StripeError.parameter(
                    "You must provide at least one recurring price in `subscription` mode when using prices.",
                    "line_items");
        }
    }

    /** A price by its id may recur; none exists here, which is said later. */
    private static boolean recurs(JsonObject item) {
        JsonObject data = item.getJsonObject("price_data");
        return data == null || data.getJsonObject("recurring") != null;
    }

    private static void discounts(JsonObject params) {
        SessionRules.exclusive(params, "allow_promotion_codes", "discounts");
        for (Object sent : Requests.array(params, "discounts")) {
            JsonObject discount = (JsonObject) sent;
            refuse("coupon", discount.getString("coupon"), "discounts[0][coupon]");
            refuse("promotion code", discount.getString("promotion_code"), "discounts[0][promotion_code]");
        }
    }

    /** Neither coupons nor promotion codes exist here, and one without effect would be a wrong total. */
    private static void refuse(String noun, @Nullable String id, String param) {
        if (id != null) {
            throw StripeError.noSuch(noun, id, param, 400);
        }
    }

    private static void trial(JsonObject data, long now) {
        Long end = data.getLong("trial_end");
        Long days = data.getLong("trial_period_days");
        if (end != null && days != null) {
            throw StripeError.parameter(
                            "You may only specify one of these parameters: trial_end, trial_period_days.",
                            DATA + "[trial_end]")
                    .code("parameters_exclusive");
        }
        if (end != null && end < now + SHORTEST_TRIAL_SECONDS) {
            throw StripeError.parameter(
                    "The `trial_end` date has to be at least 2 days in the future.", DATA + "[trial_end]");
        }
        if (end != null && end > now + LONGEST_TRIAL_DAYS * SECONDS_OF_A_DAY) {
            throw tooLong("trial_end");
        }
        if (days != null && days > LONGEST_TRIAL_DAYS) {
            throw tooLong("trial_period_days");
        }
    }

    private static StripeError tooLong(String name) {
        return StripeError.parameter(
                "The maximum number of trial period days is " + LONGEST_TRIAL_DAYS + " (2 years).",
                DATA + "[" + name + "]");
    }
}
