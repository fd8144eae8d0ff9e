package io.checkoutgateway.sandbox.resources;

import static io.checkoutgateway.sandbox.wire.Shapes.flag;
import static io.checkoutgateway.sandbox.wire.Shapes.open;
import static io.checkoutgateway.sandbox.wire.Shapes.text;

import io.checkoutgateway.sandbox.events.EventLog;
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
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code /v1/setup_intents}. Every one here belongs to a checkout session, so only Checkout may move it. */
public final class SetupIntents {
    private static final String URL = "/v1/setup_intents";
    private static final String TYPE = "setup_intent";

    private static final Fields LIST = Lists.DATED
            .optional("attach_to_self", flag())
            .optional("customer", text())
            .optional("customer_account", text())
            .optional("payment_method", text());

    private static final Fields CONFIRM = Fields.none()
            .optional("allowed_payment_method_types", open())
            .optional("confirmation_token", text())
            .optional("mandate_data", open())
            .optional("payment_method", text())
            .optional("payment_method_data", open())
            .optional("payment_method_options", open())
            .optional("return_url", text())
            .optional("use_stripe_sdk", flag());

    private static final Fields CANCEL = Fields.none().optional("cancellation_reason", text());

    private static final Fields UPDATE = Fields.none()
            .optional("attach_to_self", flag())
            .optional("customer", text())
            .optional("description", text(1_000))
            .optional("metadata", Metadata.shape())
            .optional("payment_method", text())
            .optional("payment_method_data", open())
            .optional("payment_method_options", open())
            .optional("payment_method_types", open());

    private final World world;
    private final EventLog events;

    public SetupIntents(World world, EventLog events) {
        this.world = world;
        this.events = events;
    }

    public List<Route> routes() {
        Fields retrieve = Fields.none().optional("client_secret", text());
        return List.of(
                Route.get(URL, "list of setup_intent", LIST, this::list),
                Route.get(URL + "/{id}", TYPE, retrieve, call -> call.subject(Kind.SETUP_INTENT)),
                Route.post(URL + "/{id}", TYPE, UPDATE, this::update),
                Route.post(URL + "/{id}/confirm", TYPE, CONFIRM, call -> refuse(call, "confirm")),
                Route.post(URL + "/{id}/cancel", TYPE, CANCEL, call -> refuse(call, "cancel")));
    }

    /** Makes the intent of a new session. */
    JsonObject create(Account account, Origin origin, JsonObject session, JsonObject data) {
        String id = world.ids().full("seti");
        JsonObject intent = world.object(id, TYPE)
                .put("application", null)
                .put("automatic_payment_methods", null)
                .put("cancellation_reason", null)
                .put("client_secret", world.ids().clientSecret(id))
                .put("created", world.clock().seconds())
                .put("customer", session.getString("customer"))
                .put("customer_account", null)
                .put("description", data.getString("description"))
                .put("excluded_payment_method_types", null)
                .put("flow_directions", null)
                .put("last_setup_error", null)
                .put("latest_attempt", null)
                .put("livemode", false)
                .put("managed_payments", new JsonObject().put("enabled", false))
                .put("mandate", null)
                .put("metadata", Metadata.merge(new JsonObject(), data.getJsonObject("metadata", new JsonObject())))
                .put("next_action", null)
                .put("on_behalf_of", data.getString("on_behalf_of"))
                .put("payment_method", null)
                .put("payment_method_configuration_details", session.getValue("payment_method_configuration_details"))
                .put("payment_method_options", session.getValue("payment_method_options"))
                .put(
                        "payment_method_types",
                        session.getJsonArray("payment_method_types").copy())
                .put("single_use_mandate", null)
                .put("status", "requires_payment_method")
                .put("usage", "off_session");
        account.all(Kind.SETUP_INTENT).add(intent);
        account.hidden(id).put("session", session.getString("id"));
        events.add(account, origin, "setup_intent.created", intent);
        return intent;
    }

    /** The bank wants a second factor. */
    void challenge(Account account, JsonObject intent, JsonObject method, String pageUrl) {
        attempt(account, intent, method, "requires_action", null);
        intent.put("status", "requires_action")
                .put("payment_method", method.getString("id"))
                .put("last_setup_error", null)
                .put(
                        "next_action",
                        new JsonObject()
                                .put(
                                        "redirect_to_url",
                                        new JsonObject().put("return_url", null).put("url", pageUrl))
                                .put("type", "redirect_to_url"));
        events.add(account, Origin.NONE, "setup_intent.requires_action", intent);
    }

    /** The method is set up; the caller says what becomes of the session. */
    void succeed(Account account, JsonObject intent, JsonObject method) {
        attempt(account, intent, method, "succeeded", null);
        intent.put("status", "succeeded")
                .put("payment_method", method.getString("id"))
                .put("customer", method.getString("customer"))
                .put("last_setup_error", null)
                .put("next_action", null);
        events.add(account, Origin.NONE, "setup_intent.succeeded", intent);
    }

    /** The method was refused; another may be tried. */
    void fail(Account account, JsonObject intent, JsonObject method, Refusal refusal) {
        JsonObject error = refusal.toJson(method);
        attempt(account, intent, method, "failed", error);
        intent.put("status", "requires_payment_method")
                .put("payment_method", null)
                .put("last_setup_error", error)
                .put("next_action", null);
        events.add(account, Origin.NONE, "setup_intent.setup_failed", intent);
    }

    /** The customer walked away from the bank's question. */
    void abandonAttempt(Account account, JsonObject intent) {
        if ("requires_action".equals(intent.getString("status"))) {
            account.all(Kind.SETUP_ATTEMPT)
                    .find(intent.getString("latest_attempt"))
                    .ifPresent(attempt -> attempt.put("status", "abandoned"));
            intent.put("status", "requires_payment_method")
                    .put("payment_method", null)
                    .put("next_action", null);
        }
    }

    /** The session ended without it. */
    void cancel(Account account, Origin origin, JsonObject intent) {
        intent.put("status", "canceled").put("cancellation_reason", "abandoned").put("next_action", null);
        events.add(account, origin, "setup_intent.canceled", intent);
    }

    private void attempt(
            Account account, JsonObject intent, JsonObject method, String status, @Nullable JsonObject error) {
        String latest = intent.getString("latest_attempt");
        boolean open = "requires_action".equals(intent.getString("status"));
        if (latest != null && open) {
            account.all(Kind.SETUP_ATTEMPT).find(latest).ifPresent(attempt -> attempt.put("status", status)
                    .put("setup_error", error));
            return;
        }
        String type = method.getString("type");
        JsonObject attempt = world.object(world.ids().full("setatt"), "setup_attempt")
                .put("application", null)
                .put("created", world.clock().seconds())
                .put("customer", intent.getString("customer"))
                .put("customer_account", null)
                .put("flow_directions", null)
                .put("livemode", false)
                .put("on_behalf_of", null)
                .put("payment_method", method.getString("id"))
                .put(
                        "payment_method_details",
                        new JsonObject().put("type", type).put(type, new JsonObject()))
                .put("setup_error", error)
                .put("setup_intent", intent.getString("id"))
                .put("status", status)
                .put("usage", "off_session");
        account.all(Kind.SETUP_ATTEMPT).add(attempt);
        intent.put("latest_attempt", attempt.getString("id"));
    }

    private JsonObject list(Call call) {
        return Lists.page(
                call,
                Kind.SETUP_INTENT,
                URL,
                intent -> Requests.sameText(call, "customer", intent.getString("customer"))
                        && Requests.sameText(call, "payment_method", intent.getString("payment_method")));
    }

    private JsonObject update(Call call) {
        JsonObject intent = call.subject(Kind.SETUP_INTENT);
        List<String> refused = call.params().fieldNames().stream()
                .filter(name -> !List.of("metadata", "description", "expand").contains(name))
                .toList();
        if (!refused.isEmpty()) {
            throw StripeError.invalid("Some of the parameters you provided (" + String.join(", ", refused)
                    + ") cannot be used when modifying a SetupIntent that was created by Checkout. You can try again "
                    + "without those parameters.");
        }
        if (call.sent("metadata")) {
            intent.put(
                    "metadata",
                    Metadata.merge(
                            intent.getJsonObject("metadata"), call.params().getJsonObject("metadata")));
        }
        if (call.sent("description")) {
            intent.put("description", call.text("description"));
        }
        return intent;
    }

    private static JsonObject refuse(Call call, String action) {
        String id = call.subject(Kind.SETUP_INTENT).getString("id");
        throw StripeError.invalid("You cannot " + action + " the SetupIntent " + id
                        + " because it was created by Checkout. " + "Expire the Checkout Session instead.")
                .code("setup_intent_unexpected_state");
    }
}
