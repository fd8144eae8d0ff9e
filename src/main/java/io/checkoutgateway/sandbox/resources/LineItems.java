package io.checkoutgateway.sandbox.resources;

import io.checkoutgateway.sandbox.http.Lists;
import io.checkoutgateway.sandbox.wire.StripeError;
import io.checkoutgateway.sandbox.world.Account;
import io.checkoutgateway.sandbox.world.World;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Locale;

/** What a session in payment or subscription mode sells; amounts are 64-bit, in the currency's smallest unit. */
public final class LineItems {
    private final World world;

    public LineItems(World world) {
        this.world = world;
    }

    /** The items of a session as a list, the way {@code expand[]=line_items} shows them. */
    public JsonObject list(Account account, JsonObject session) {
        String id = session.getString("id");
        List<JsonObject> items = items(account, id);
        int shown = Math.min(items.size(), 10);
        return Lists.envelope(
                items.subList(0, shown), items.size() > shown, "/v1/checkout/sessions/" + id + "/line_items");
    }

    /** The items of a session, none in setup mode. */
    public List<JsonObject> items(Account account, String session) {
        return account.hidden(session).getJsonArray("line_items", new JsonArray()).stream()
                .map(JsonObject.class::cast)
                .toList();
    }

    /**
     * Prices the items a caller sent and writes the sums into the session.
     *
     * @param trial whether what recurs costs nothing yet
     */
    void price(Account account, JsonObject session, JsonArray sent, boolean trial) {
        JsonArray items = new JsonArray();
        long total = 0;
        String currency = session.getString("currency");
        for (int i = 0; i < sent.size(); i++) {
            JsonObject item = item(sent.getJsonObject(i), trial, "line_items[" + i + "]");
            currency = currency == null ? item.getString("currency") : currency;
            sameCurrency(item.getString("currency"), currency, "line_items[" + i + "]");
            total = sum(total, item.getLong("amount_total"));
            items.add(item);
        }
        account.hidden(session.getString("id")).put("line_items", items);
        session.put("currency", currency)
                .put("amount_subtotal", total)
                .put("amount_total", total)
                .put(
                        "total_details",
                        new JsonObject()
                                .put("amount_discount", 0)
                                .put("amount_shipping", 0)
                                .put("amount_tax", 0));
    }

    private static void sameCurrency(String currency, String expected, String path) {
        if (!currency.equals(expected)) {
            throw StripeError.parameter(
                    "The price specified supports currencies of `" + currency
                            + "` which doesn't include the expected currency of `" + expected + "`.",
                    path);
        }
    }

    private JsonObject item(JsonObject sent, boolean trial, String path) {
        JsonObject data = sent.getJsonObject("price_data");
        if (data == null) {
            throw sent.getString("price") == null
                    ? StripeError.missing(path + "[price]")
                    : StripeError.noSuch("price", sent.getString("price"), path + "[price]", 400);
        }
        JsonObject price = price(data, path + "[price_data]");
        long quantity = sent.getLong("quantity", 1L);
        boolean later = trial && price.getJsonObject("recurring") != null;
        long amount = later ? 0 : product(price.getLong("unit_amount"), quantity);
        return world.object(world.ids().full("li"), "item")
                .put("adjustable_quantity", null)
                .put("amount_discount", 0)
                .put("amount_subtotal", amount)
                .put("amount_tax", 0)
                .put("amount_total", amount)
                .put("currency", price.getString("currency"))
                .put("description", Requests.object(data, "product_data").getString("name"))
                .put("metadata", Requests.object(sent, "metadata"))
                .put("price", price)
                .put("quantity", quantity);
    }

    private JsonObject price(JsonObject data, String path) {
        String currency = data.getString("currency");
        SessionRules.checkCurrency(currency, path + "[currency]");
        JsonObject recurring = data.getJsonObject("recurring");
        if (data.getLong("unit_amount") == null) {
            throw StripeError.missing(path + "[unit_amount]");
        }
        if (data.getString("product") == null && data.getJsonObject("product_data") == null) {
            throw StripeError.missing(path + "[product_data]");
        }
        return world.object(world.ids().full("price"), "price")
                .put("active", false)
                .put("billing_scheme", "per_unit")
                .put("created", world.clock().seconds())
                .put("currency", currency.toLowerCase(Locale.ROOT))
                .put("custom_unit_amount", null)
                .put("livemode", false)
                .put("lookup_key", null)
                .put("metadata", new JsonObject())
                .put("nickname", null)
                .put("product", data.getString("product", world.ids().brief("prod")))
                .put("recurring", recurring == null ? null : recurring(recurring))
                .put("tax_behavior", data.getString("tax_behavior", "unspecified"))
                .put("tiers_mode", null)
                .put("transform_quantity", null)
                .put("type", recurring == null ? "one_time" : "recurring")
                .put("unit_amount", data.getLong("unit_amount"))
                .put("unit_amount_decimal", Long.toString(data.getLong("unit_amount")));
    }

    private static JsonObject recurring(JsonObject sent) {
        return new JsonObject()
                .put("interval", sent.getString("interval"))
                .put("interval_count", sent.getLong("interval_count", 1L))
                .put("meter", null)
                .put("trial_period_days", null)
                .put("usage_type", "licensed");
    }

    private static long sum(long total, long amount) {
        try {
            return Math.addExact(total, amount);
        } catch (ArithmeticException tooMuch) {
            throw tooMuch();
        }
    }

    private static long product(long unitAmount, long quantity) {
        try {
            return Math.multiplyExact(unitAmount, quantity);
        } catch (ArithmeticException tooMuch) {
            throw tooMuch();
        }
    }

    /** Stripe's own limit differs by currency and is far below; here only what no number holds is refused. */
    private static StripeError tooMuch() {
        return StripeError.parameter("The total amount of the line items is too large.", "line_items");
    }
}
