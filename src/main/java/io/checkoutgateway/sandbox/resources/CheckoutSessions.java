package io.checkoutgateway.sandbox.resources;

import io.checkoutgateway.sandbox.events.Origin;
import io.checkoutgateway.sandbox.http.Call;
import io.checkoutgateway.sandbox.http.Lists;
import io.checkoutgateway.sandbox.http.Route;
import io.checkoutgateway.sandbox.wire.Fields;
import io.checkoutgateway.sandbox.wire.Metadata;
import io.checkoutgateway.sandbox.wire.StripeError;
import io.checkoutgateway.sandbox.world.Account;
import io.checkoutgateway.sandbox.world.Kind;
import io.checkoutgateway.sandbox.world.World;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.util.List;
import java.util.function.Supplier;

/** {@code /v1/checkout/sessions}. */
public final class CheckoutSessions {
    private static final String URL = "/v1/checkout/sessions";
    private static final String TYPE = "checkout.session";

    /** Real addresses carry a long fragment that must survive; this one stands for it. */
    private static final String FRAGMENT = "#fidkdWxOYHwnPyd1blpxYHZxWjA0";

    private final World world;
    private final SetupIntents setupIntents;
    private final LineItems lineItems;
    private final Expirations expirations;
    private final Supplier<URI> base;
    private final SessionObject objects;

    /**
     * The sessions.
     *
     * @param base where a browser finds the pages; known once the server listens
     */
    public CheckoutSessions(
            World world, SetupIntents setupIntents, LineItems lineItems, Expirations expirations, Supplier<URI> base) {
        this.world = world;
        this.setupIntents = setupIntents;
        this.lineItems = lineItems;
        this.expirations = expirations;
        this.base = base;
        this.objects = new SessionObject(world);
    }

    public List<Route> routes() {
        return List.of(
                Route.post(URL, TYPE, SessionParameters.CREATE, this::create),
                Route.get(URL, "list of checkout.session", SessionParameters.LIST, this::list),
                Route.get(URL + "/{id}", TYPE, Fields.none(), call -> call.subject(Kind.SESSION)),
                Route.post(URL + "/{id}", TYPE, SessionParameters.UPDATE, this::update),
                Route.post(URL + "/{id}/expire", TYPE, Fields.none(), this::expire),
                Route.get(URL + "/{id}/line_items", "list of line_item", Lists.PAGING, this::listLineItems));
    }

    private JsonObject create(Call call) {
        JsonObject params = call.params();
        SessionRules.check(params, world.clock().seconds());
        JsonObject customer = call.has("customer") ? call.named(Kind.CUSTOMER, "customer") : null;
        JsonObject session = objects.create(params, customer);
        Account account = call.account();
        if (session.getString("mode").equals("setup")) {
            JsonObject data = Requests.object(params, "setup_intent_data");
            JsonObject intent = setupIntents.create(account, Requests.origin(call), session, data);
            session.put("setup_intent", intent.getString("id"));
        } else {
            lineItems.price(account, session, params.getJsonArray("line_items"), SaleRules.hasTrial(params));
        }
        remember(account, session, params);
        address(session);
        account.all(Kind.SESSION).add(session);
        expirations.watch(account, session);
        return session;
    }

    private static void remember(Account account, JsonObject session, JsonObject params) {
        JsonObject hidden = account.hidden(session.getString("id"));
        List.of("payment_intent_data", "subscription_data", "payment_method_data")
                .forEach(name -> hidden.put(name, Requests.object(params, name)));
    }

    private void address(JsonObject session) {
        String id = session.getString("id");
        if (session.getString("ui_mode").equals("hosted_page")) {
            session.put("url", base.get() + "/c/pay/" + id + FRAGMENT);
        } else {
            session.put("client_secret", world.ids().clientSecret(id));
        }
    }

    private JsonObject list(Call call) {
        JsonObject details = Requests.object(call.params(), "customer_details");
        return Lists.page(
                call,
                Kind.SESSION,
                URL,
                session -> Requests.sameText(call, "customer", session.getString("customer"))
                        && Requests.sameText(call, "customer_account", session.getString("customer_account"))
                        && Requests.sameText(call, "payment_intent", session.getString("payment_intent"))
                        && Requests.sameText(call, "payment_link", session.getString("payment_link"))
                        && Requests.sameText(call, "status", session.getString("status"))
                        && Requests.sameText(call, "subscription", session.getString("subscription"))
                        && (details.isEmpty() || hasEmail(session, details.getString("email"))));
    }

    private static boolean hasEmail(JsonObject session, String email) {
        return email.equals(Requests.object(session, "customer_details").getString("email"));
    }

    private JsonObject update(Call call) {
        JsonObject session = call.subject(Kind.SESSION);
        if (call.sent("metadata")) {
            session.put(
                    "metadata",
                    Metadata.merge(
                            session.getJsonObject("metadata"), call.params().getJsonObject("metadata")));
        }
        return session;
    }

    private JsonObject expire(Call call) {
        JsonObject session = call.subject(Kind.SESSION);
        String status = session.getString("status");
        if (!status.equals("open")) {
            throw StripeError.invalid(
                    "Only Checkout Sessions with a status in [\"open\"] can be expired. This Checkout Session has a "
                            + "status of `" + status + "`.");
        }
        expirations.expire(call.account(), Requests.origin(call), session);
        return session;
    }

    private JsonObject listLineItems(Call call) {
        JsonObject session = call.subject(Kind.SESSION);
        List<JsonObject> items = lineItems.items(call.account(), session.getString("id"));
        return Lists.page(call, items, "line_item", URL + "/" + session.getString("id") + "/line_items");
    }

    /** A session whose page the customer opened from a recovery link: a copy of the expired one. */
    public JsonObject recover(Account account, JsonObject expired) {
        JsonObject session = expired.copy();
        long now = world.clock().seconds();
        session.put("id", world.ids().session(expired.getString("mode")))
                .put("created", now)
                .put("expires_at", now + SessionRules.LONGEST_SECONDS)
                .put("status", "open")
                .put("after_expiration", null)
                .put("recovered_from", expired.getString("id"));
        account.hidden(session.getString("id"))
                .mergeIn(account.hidden(expired.getString("id")).copy());
        if (expired.getString("setup_intent") != null) {
            JsonObject intent = setupIntents.create(account, Origin.NONE, session, new JsonObject());
            session.put("setup_intent", intent.getString("id"));
        }
        address(session);
        account.all(Kind.SESSION).add(session);
        expirations.watch(account, session);
        return session;
    }
}
