package io.checkoutgateway.sandbox.resources;

import static io.checkoutgateway.sandbox.wire.Shapes.flag;
import static io.checkoutgateway.sandbox.wire.Shapes.open;
import static io.checkoutgateway.sandbox.wire.Shapes.orEmpty;
import static io.checkoutgateway.sandbox.wire.Shapes.text;
import static io.checkoutgateway.sandbox.wire.Shapes.url;

import io.checkoutgateway.sandbox.http.Call;
import io.checkoutgateway.sandbox.http.Lists;
import io.checkoutgateway.sandbox.http.Route;
import io.checkoutgateway.sandbox.wire.Fields;
import io.checkoutgateway.sandbox.wire.Metadata;
import io.checkoutgateway.sandbox.wire.Shapes;
import io.checkoutgateway.sandbox.world.Account;
import io.checkoutgateway.sandbox.world.Kind;
import io.checkoutgateway.sandbox.world.World;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;

/** {@code /v1/billing_portal/configurations}; every account has a default one. */
public final class PortalConfigurations {
    private static final String URL = "/v1/billing_portal/configurations";
    private static final String TYPE = "billing_portal.configuration";
    private static final int MAX_UPDATES = 6;

    private static final Fields FEATURES = Fields.none()
            .optional(
                    "customer_update",
                    enabled()
                            .optional(
                                    "allowed_updates",
                                    Shapes.list(
                                            Shapes.choice("address", "email", "name", "phone", "shipping", "tax_id"),
                                            MAX_UPDATES)))
            .optional("invoice_history", enabled())
            .optional("payment_method_update", enabled().optional("payment_method_configuration", text()))
            .optional(
                    "subscription_cancel",
                    enabled()
                            .optional("cancellation_reason", open())
                            .optional("mode", Shapes.choice("at_period_end", "immediately"))
                            .optional(
                                    "proration_behavior", Shapes.choice("always_invoice", "create_prorations", "none")))
            .optional("subscription_update", open());

    private static final Fields COMMON = Fields.none()
            .optional(
                    "business_profile",
                    Fields.none()
                            .optional("headline", text(60))
                            .optional("privacy_policy_url", url())
                            .optional("terms_of_service_url", url()))
            .optional("default_return_url", orEmpty(url()))
            .optional("login_page", enabled())
            .optional("metadata", Metadata.shape())
            .optional("name", text());

    private static final Fields CREATE = COMMON.required("features", FEATURES);
    private static final Fields UPDATE = COMMON.optional("features", FEATURES).optional("active", flag());
    private static final Fields LIST = Lists.PAGING.optional("active", flag()).optional("is_default", flag());

    private final World world;

    public PortalConfigurations(World world) {
        this.world = world;
    }

    public List<Route> routes() {
        return List.of(
                Route.post(URL, TYPE, CREATE, this::create),
                Route.get(URL, "list of billing_portal.configuration", LIST, this::list),
                Route.get(URL + "/{id}", TYPE, Fields.none(), call -> call.subject(Kind.PORTAL_CONFIGURATION)),
                Route.post(URL + "/{id}", TYPE, UPDATE, this::update));
    }

    /** The account's default, made when it is needed first. */
    JsonObject standard(Account account) {
        return account.all(Kind.PORTAL_CONFIGURATION).newestFirst().stream()
                .filter(configuration -> configuration.getBoolean("is_default"))
                .findFirst()
                .orElseGet(() -> add(account, new JsonObject(), true));
    }

    private JsonObject create(Call call) {
        return add(call.account(), call.params(), false);
    }

    private JsonObject list(Call call) {
        return Lists.page(
                call,
                Kind.PORTAL_CONFIGURATION,
                URL,
                one -> same(call, "active", one) && same(call, "is_default", one));
    }

    private JsonObject update(Call call) {
        JsonObject configuration = call.subject(Kind.PORTAL_CONFIGURATION);
        apply(call.params(), configuration);
        return configuration.put("updated", world.clock().seconds());
    }

    private JsonObject add(Account account, JsonObject params, boolean standard) {
        long now = world.clock().seconds();
        JsonObject configuration = world.object(world.ids().full("bpc"), TYPE)
                .put("active", true)
                .put("application", null)
                .put(
                        "business_profile",
                        new JsonObject()
                                .put("headline", null)
                                .put("privacy_policy_url", null)
                                .put("terms_of_service_url", null))
                .put("created", now)
                .put("default_return_url", null)
                .put("features", features())
                .put("is_default", standard)
                .put("livemode", false)
                .put("login_page", new JsonObject().put("enabled", false).put("url", null))
                .put("metadata", new JsonObject())
                .put("name", null)
                .put("updated", now);
        apply(params, configuration);
        account.all(Kind.PORTAL_CONFIGURATION).add(configuration);
        return configuration;
    }

    private static void apply(JsonObject params, JsonObject configuration) {
        List.of("business_profile", "features", "login_page")
                .forEach(name -> configuration.getJsonObject(name).mergeIn(Requests.object(params, name), true));
        List.of("active", "default_return_url", "name").stream()
                .filter(params::containsKey)
                .forEach(name -> configuration.put(name, params.getValue(name)));
        if (params.containsKey("metadata")) {
            configuration.put(
                    "metadata",
                    Metadata.merge(configuration.getJsonObject("metadata"), params.getJsonObject("metadata")));
        }
    }

    private static JsonObject features() {
        JsonObject off = new JsonObject().put("enabled", false);
        return new JsonObject()
                .put("customer_update", off.copy().put("allowed_updates", new JsonArray()))
                .put("invoice_history", off.copy())
                .put("payment_method_update", off.copy().put("payment_method_configuration", null))
                .put(
                        "subscription_cancel",
                        off.copy()
                                .put("cancellation_reason", off.copy().put("options", new JsonArray().add("other")))
                                .put("mode", "at_period_end")
                                .put("proration_behavior", "none"))
                .put(
                        "subscription_update",
                        off.copy()
                                .put("default_allowed_updates", new JsonArray())
                                .put("proration_behavior", "none")
                                .put("schedule_at_period_end", new JsonObject().put("conditions", new JsonArray()))
                                .put("trial_update_behavior", "end_trial"));
    }

    private static boolean same(Call call, String filter, JsonObject one) {
        return !call.has(filter) || call.params().getBoolean(filter).equals(one.getBoolean(filter));
    }

    private static Fields enabled() {
        return Fields.none().required("enabled", flag());
    }
}
