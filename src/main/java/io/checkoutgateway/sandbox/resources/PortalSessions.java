package io.checkoutgateway.sandbox.resources;

import static io.checkoutgateway.sandbox.wire.Shapes.choice;
import static io.checkoutgateway.sandbox.wire.Shapes.open;
import static io.checkoutgateway.sandbox.wire.Shapes.text;
import static io.checkoutgateway.sandbox.wire.Shapes.url;

import io.checkoutgateway.sandbox.http.Call;
import io.checkoutgateway.sandbox.http.Route;
import io.checkoutgateway.sandbox.wire.Fields;
import io.checkoutgateway.sandbox.wire.StripeError;
import io.checkoutgateway.sandbox.world.Kind;
import io.checkoutgateway.sandbox.world.World;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** {@code /v1/billing_portal/sessions}: a short-lived address under which a customer manages what he left. */
public final class PortalSessions {
    private static final String URL = "/v1/billing_portal/sessions";
    private static final String TYPE = "billing_portal.session";

    private static final String[] LOCALES =
            """
            auto bg cs da de el en en-AU en-CA en-GB en-IE en-IN en-NZ en-SG es es-419 et fi fil fr fr-CA hr hu id it
            ja ko lt lv ms mt nb nl pl pt pt-BR ro ru sk sl sv th tr vi zh zh-HK zh-TW"""
                    .split("\\s+");

    private static final Fields AFTER = Fields.none()
            .required("type", choice("hosted_confirmation", "portal_homepage", "redirect"))
            .optional("hosted_confirmation", Fields.none().optional("custom_message", text(500)))
            .optional("redirect", Fields.none().required("return_url", url()));

    private static final Fields CREATE = Fields.none()
            .optional("customer", text())
            .optional("customer_account", text())
            .optional("configuration", text())
            .optional(
                    "flow_data",
                    Fields.none()
                            .required(
                                    "type",
                                    choice(
                                            "payment_method_update",
                                            "subscription_cancel",
                                            "subscription_update",
                                            "subscription_update_confirm"))
                            .optional("after_completion", AFTER)
                            .optional("subscription_cancel", open())
                            .optional("subscription_update", open())
                            .optional("subscription_update_confirm", open()))
            .optional("locale", choice(LOCALES))
            .optional("on_behalf_of", text())
            .optional("return_url", url());

    private final World world;
    private final PortalConfigurations configurations;
    private final Supplier<URI> base;

    public PortalSessions(World world, PortalConfigurations configurations, Supplier<URI> base) {
        this.world = world;
        this.configurations = configurations;
        this.base = base;
    }

    public List<Route> routes() {
        return List.of(Route.post(URL, TYPE, CREATE, this::create));
    }

    private JsonObject create(Call call) {
        if (!call.has("customer")) {
            throw StripeError.missing("customer");
        }
        String customer = call.named(Kind.CUSTOMER, "customer").getString("id");
        JsonObject configuration = call.has("configuration")
                ? call.named(Kind.PORTAL_CONFIGURATION, "configuration")
                : configurations.standard(call.account());
        String fallback = configuration.getString("default_return_url");
        JsonObject session = world.object(world.ids().full("bps"), TYPE)
                .put("configuration", configuration.getString("id"))
                .put("created", world.clock().seconds())
                .put("customer", customer)
                .put("customer_account", null)
                .put("flow", flow(call))
                .put("livemode", false)
                .put("locale", call.text("locale"))
                .put("on_behalf_of", call.text("on_behalf_of"))
                .put("return_url", call.has("return_url") ? call.text("return_url") : fallback)
                .put("url", base.get() + "/p/session/test_" + world.ids().text(40));
        call.account().all(Kind.PORTAL_SESSION).add(session);
        return session;
    }

    private static @Nullable JsonObject flow(Call call) {
        JsonObject sent = call.params().getJsonObject("flow_data");
        if (sent == null) {
            return null;
        }
        JsonObject after = Requests.object(sent, "after_completion");
        JsonObject shown = new JsonObject()
                .put("hosted_confirmation", after.getJsonObject("hosted_confirmation"))
                .put("redirect", after.getJsonObject("redirect"))
                .put("type", after.getString("type", "portal_homepage"));
        return new JsonObject()
                .put("after_completion", shown)
                .put("subscription_cancel", sent.getValue("subscription_cancel"))
                .put("subscription_update", sent.getValue("subscription_update"))
                .put("subscription_update_confirm", sent.getValue("subscription_update_confirm"))
                .put("type", sent.getString("type"));
    }
}
