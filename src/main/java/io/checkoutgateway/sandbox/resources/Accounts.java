package io.checkoutgateway.sandbox.resources;

import io.checkoutgateway.sandbox.http.Call;
import io.checkoutgateway.sandbox.http.Route;
import io.checkoutgateway.sandbox.wire.Fields;
import io.checkoutgateway.sandbox.wire.StripeError;
import io.checkoutgateway.sandbox.world.World;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;

/** {@code /v1/account}: who the key belongs to. */
public final class Accounts {
    private static final long CREATED = 1_700_000_000L;

    private final World world;

    public Accounts(World world) {
        this.world = world;
    }

    public List<Route> routes() {
        return List.of(
                Route.get(
                        "/v1/account",
                        "account",
                        Fields.none(),
                        call -> show(call.account().id())),
                Route.get("/v1/accounts/{id}", "account", Fields.none(), this::retrieve));
    }

    private JsonObject retrieve(Call call) {
        String id = call.path().get(0);
        if (!id.equals(call.account().id())) {
            throw StripeError.of(
                            403,
                            "invalid_request_error",
                            "The provided key does not have access to account '" + id
                                    + "' (or that account does not exist). Application access may have been revoked.")
                    .code("account_invalid");
        }
        return show(id);
    }

    private JsonObject show(String id) {
        JsonObject requirements = new JsonObject()
                .put("alternatives", new JsonArray())
                .put("current_deadline", null)
                .put("currently_due", new JsonArray())
                .put("disabled_reason", null)
                .put("errors", new JsonArray())
                .put("eventually_due", new JsonArray())
                .put("past_due", new JsonArray())
                .put("pending_verification", new JsonArray());
        return world.object(id, "account")
                .put(
                        "business_profile",
                        new JsonObject().put("name", "Sandbox shop").put("url", null))
                .put("business_type", "company")
                .put(
                        "capabilities",
                        new JsonObject().put("card_payments", "active").put("transfers", "active"))
                .put("charges_enabled", true)
                .put("controller", new JsonObject().put("type", "account"))
                .put("country", "US")
                .put("created", CREATED)
                .put("default_currency", "usd")
                .put("details_submitted", true)
                .put("email", "shop@example.com")
                .put("future_requirements", requirements.copy())
                .put("metadata", new JsonObject())
                .put("payouts_enabled", true)
                .put("requirements", requirements)
                .put(
                        "settings",
                        new JsonObject()
                                .put(
                                        "dashboard",
                                        new JsonObject()
                                                .put("display_name", "Sandbox shop")
                                                .put("timezone", "Etc/UTC")))
                .put("tos_acceptance", new JsonObject().put("date", CREATED))
                .put("type", "standard");
    }
}
