package io.checkoutgateway.sandbox.resources;

import static io.checkoutgateway.sandbox.wire.Shapes.choice;
import static io.checkoutgateway.sandbox.wire.Shapes.open;
import static io.checkoutgateway.sandbox.wire.Shapes.orEmpty;
import static io.checkoutgateway.sandbox.wire.Shapes.text;
import static io.checkoutgateway.sandbox.wire.Shapes.whole;

import io.checkoutgateway.sandbox.events.EventLog;
import io.checkoutgateway.sandbox.events.Origin;
import io.checkoutgateway.sandbox.http.Call;
import io.checkoutgateway.sandbox.http.Lists;
import io.checkoutgateway.sandbox.http.Route;
import io.checkoutgateway.sandbox.wire.Fields;
import io.checkoutgateway.sandbox.wire.Metadata;
import io.checkoutgateway.sandbox.wire.Shapes;
import io.checkoutgateway.sandbox.wire.StripeError;
import io.checkoutgateway.sandbox.world.Account;
import io.checkoutgateway.sandbox.world.Kind;
import io.checkoutgateway.sandbox.world.World;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;

/** {@code /v1/customers}. */
public final class Customers {
    private static final String URL = "/v1/customers";
    private static final String TYPE = "customer";
    private static final int MAX_EMAIL = 512;
    private static final int MAX_LOCALES = 50;

    /** Copied as they come; everything else has rules of its own. */
    private static final List<String> PLAIN = List.of(
            "address",
            "balance",
            "business_name",
            "description",
            "email",
            "individual_name",
            "name",
            "phone",
            "preferred_locales",
            "shipping",
            "tax_exempt");

    private static final Fields BASICS = Fields.none()
            .optional("address", open())
            .optional("balance", whole())
            .optional("business_name", text(150))
            .optional("cash_balance", open())
            .optional("description", text())
            .optional("email", text(MAX_EMAIL))
            .optional("individual_name", text(150))
            .optional("invoice_prefix", text(12))
            .optional(
                    "invoice_settings",
                    Fields.none()
                            .optional("custom_fields", open())
                            .optional("default_payment_method", text())
                            .optional("footer", text())
                            .optional("rendering_options", open()))
            .optional("metadata", Metadata.shape())
            .optional("name", text(256))
            .optional("next_invoice_sequence", whole())
            .optional("phone", text(20))
            .optional("preferred_locales", Shapes.list(text(), MAX_LOCALES))
            .optional("shipping", open())
            .optional("source", text())
            .optional("tax", open())
            .optional("tax_exempt", orEmpty(choice("exempt", "none", "reverse")))
            .optional("validate", text());

    private static final Fields CREATE = BASICS.optional("payment_method", text())
            .optional("tax_id_data", open())
            .optional("test_clock", text());

    private static final Fields UPDATE = BASICS.optional("default_source", text());

    private static final Fields LIST =
            Lists.DATED.optional("email", text(MAX_EMAIL)).optional("test_clock", text());

    private static final Fields SEARCH = Fields.none()
            .required("query", text())
            .optional("limit", whole(1, Lists.MAX_PAGE))
            .optional("page", text());

    private final World world;
    private final EventLog events;

    public Customers(World world, EventLog events) {
        this.world = world;
        this.events = events;
    }

    public List<Route> routes() {
        return List.of(
                Route.get(URL + "/search", "list of customer", SEARCH, this::search),
                Route.post(URL, TYPE, CREATE, this::create),
                Route.get(URL, "list of customer", LIST, this::list),
                Route.get(URL + "/{id}", TYPE, Fields.none(), call -> call.subject(Kind.CUSTOMER)),
                Route.post(URL + "/{id}", TYPE, UPDATE, this::update),
                Route.delete(URL + "/{id}", TYPE, this::delete));
    }

    /** Makes a customer for somebody who paid without one. */
    JsonObject create(Account account, Origin origin, JsonObject params) {
        JsonObject customer = blank(params);
        account.all(Kind.CUSTOMER).add(customer);
        events.add(account, origin, "customer.created", customer);
        return customer;
    }

    private JsonObject create(Call call) {
        JsonObject method = call.has("payment_method") ? call.named(Kind.PAYMENT_METHOD, "payment_method") : null;
        JsonObject invoices = call.params().getJsonObject("invoice_settings", new JsonObject());
        String preferred = invoices.getString("default_payment_method");
        if (preferred != null && (method == null || !preferred.equals(method.getString("id")))) {
            throw notAttached(preferred);
        }
        JsonObject customer = create(call.account(), Requests.origin(call), call.params());
        if (method != null) {
            method.put("customer", customer.getString("id"));
            events.add(call.account(), Requests.origin(call), "payment_method.attached", method);
        }
        return customer;
    }

    private JsonObject list(Call call) {
        return Lists.page(
                call,
                Kind.CUSTOMER,
                URL,
                customer -> !isDeleted(customer) && Requests.sameText(call, "email", customer.getString("email")));
    }

    private JsonObject search(Call call) {
        SearchQuery query = SearchQuery.parse(call.text("query"));
        int skipped = call.has("page") ? Requests.page(call.text("page")) : 0;
        int limit = Lists.limit(call);
        List<JsonObject> found = call.account().all(Kind.CUSTOMER).newestFirst().stream()
                .filter(customer -> !isDeleted(customer) && query.matches(customer))
                .skip(skipped)
                .limit(limit + 1L)
                .toList();
        boolean more = found.size() > limit;
        JsonArray data = new JsonArray();
        found.stream().limit(limit).forEach(data::add);
        return new JsonObject()
                .put("object", "search_result")
                .put("data", data)
                .put("has_more", more)
                .put("next_page", more ? Requests.pageToken(skipped + limit) : null)
                .put("url", URL + "/search");
    }

    private JsonObject update(Call call) {
        JsonObject customer = alive(call);
        JsonObject before = customer.copy();
        apply(call, customer);
        JsonObject previous = Requests.changed(before, customer);
        if (!previous.isEmpty()) {
            events.updated(call.account(), Requests.origin(call), "customer.updated", customer, previous);
        }
        return customer;
    }

    private void apply(Call call, JsonObject customer) {
        JsonObject params = call.params();
        JsonObject invoices = params.getJsonObject("invoice_settings");
        if (invoices != null && invoices.containsKey("default_payment_method")) {
            checkAttached(call.account(), customer, invoices.getString("default_payment_method"));
        }
        JsonObject metadata = call.sent("metadata")
                ? Metadata.merge(customer.getJsonObject("metadata"), params.getJsonObject("metadata"))
                : customer.getJsonObject("metadata");
        PLAIN.stream().filter(call::sent).forEach(name -> customer.put(name, params.getValue(name)));
        customer.put("metadata", metadata);
        if (invoices != null) {
            JsonObject settings = customer.getJsonObject("invoice_settings").copy();
            invoices.forEach(setting -> settings.put(setting.getKey(), setting.getValue()));
            customer.put("invoice_settings", settings);
        }
    }

    private JsonObject delete(Call call) {
        JsonObject customer = alive(call);
        events.add(call.account(), Requests.origin(call), "customer.deleted", customer);
        JsonObject remains = world.object(customer.getString("id"), TYPE).put("deleted", true);
        call.account().all(Kind.PAYMENT_METHOD).newestFirst().stream()
                .filter(method -> customer.getString("id").equals(method.getString("customer")))
                .forEach(method -> method.put("customer", null));
        customer.clear();
        remains.forEach(member -> customer.put(member.getKey(), member.getValue()));
        return customer;
    }

    private static JsonObject alive(Call call) {
        JsonObject customer = call.subject(Kind.CUSTOMER);
        if (isDeleted(customer)) {
            throw StripeError.noSuch("customer", customer.getString("id"), "id", 404);
        }
        return customer;
    }

    private static void checkAttached(Account account, JsonObject customer, String method) {
        if (method == null) {
            return;
        }
        JsonObject found = account.all(Kind.PAYMENT_METHOD)
                .find(method)
                .orElseThrow(() ->
                        StripeError.noSuch("PaymentMethod", method, "invoice_settings[default_payment_method]", 400));
        if (!customer.getString("id").equals(found.getString("customer"))) {
            throw notAttached(method);
        }
    }

    private static StripeError notAttached(String method) {
        return StripeError.invalid("The customer does not have a payment method with the ID " + method
                        + ". The payment method must be attached to the customer.")
                .code("resource_missing")
                .param("invoice_settings[default_payment_method]");
    }

    private static boolean isDeleted(JsonObject customer) {
        return customer.getBoolean("deleted", false);
    }

    private JsonObject blank(JsonObject params) {
        JsonObject customer = world.object(world.ids().brief("cus"), TYPE)
                .put("address", null)
                .put("balance", 0)
                .put("created", world.clock().seconds())
                .put("currency", null)
                .put("default_source", null)
                .put("delinquent", false)
                .put("description", null)
                .put("discount", null)
                .put("email", null)
                .put("invoice_prefix", world.ids().text(8).toUpperCase(java.util.Locale.ROOT))
                .put("livemode", false)
                .put("name", null)
                .put("next_invoice_sequence", 1)
                .put("phone", null)
                .put("preferred_locales", new JsonArray())
                .put("shipping", null)
                .put("tax_exempt", "none")
                .put("test_clock", null);
        PLAIN.stream()
                .filter(name -> params.getValue(name) != null)
                .forEach(name -> customer.put(name, params.getValue(name)));
        JsonObject sent = params.getJsonObject("invoice_settings");
        JsonObject settings = new JsonObject()
                .put("custom_fields", null)
                .put("default_payment_method", null)
                .put("footer", null)
                .put("rendering_options", null);
        return customer.put("invoice_settings", sent == null ? settings : settings.mergeIn(sent))
                .put("metadata", Metadata.merge(new JsonObject(), params.getJsonObject("metadata")));
    }
}
