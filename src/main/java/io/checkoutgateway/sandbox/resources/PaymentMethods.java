package io.checkoutgateway.sandbox.resources;

import static io.checkoutgateway.sandbox.wire.Shapes.choice;
import static io.checkoutgateway.sandbox.wire.Shapes.text;

import io.checkoutgateway.sandbox.events.EventLog;
import io.checkoutgateway.sandbox.events.Origin;
import io.checkoutgateway.sandbox.http.Call;
import io.checkoutgateway.sandbox.http.Lists;
import io.checkoutgateway.sandbox.http.Route;
import io.checkoutgateway.sandbox.wire.Fields;
import io.checkoutgateway.sandbox.wire.StripeError;
import io.checkoutgateway.sandbox.world.Account;
import io.checkoutgateway.sandbox.world.Kind;
import io.checkoutgateway.sandbox.world.World;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code /v1/payment_methods}, and a customer's own. */
public final class PaymentMethods {
    private static final String URL = "/v1/payment_methods";
    private static final String TYPE = "payment_method";
    private static final String LIST_TYPE = "list of payment_method";

    private static final Fields OF_CUSTOMER = Lists.PAGING
            .optional("type", choice(PaymentMethodTypes.ALL.toArray(String[]::new)))
            .optional("allow_redisplay", choice("always", "limited", "unspecified"));

    private static final Fields LIST = OF_CUSTOMER.optional("customer", text()).optional("customer_account", text());

    private static final Fields ATTACH =
            Fields.none().required("customer", text()).optional("customer_account", text());

    private final World world;
    private final EventLog events;

    public PaymentMethods(World world, EventLog events) {
        this.world = world;
        this.events = events;
    }

    public List<Route> routes() {
        String ofCustomer = "/v1/customers/{id}/payment_methods";
        return List.of(
                Route.get(URL, LIST_TYPE, LIST, call -> list(call, call.text("customer"), URL)),
                Route.get(URL + "/{id}", TYPE, Fields.none(), call -> call.subject(Kind.PAYMENT_METHOD)),
                Route.post(URL + "/{id}/attach", TYPE, ATTACH, this::attach),
                Route.post(URL + "/{id}/detach", TYPE, Fields.none(), this::detach),
                Route.get(ofCustomer, LIST_TYPE, OF_CUSTOMER, this::listOfCustomer),
                Route.get(ofCustomer + "/{method}", TYPE, Fields.none(), this::oneOfCustomer));
    }

    /** Makes one from what was typed on the page; it belongs to nobody yet. */
    JsonObject create(Account account, Payment payment, String allowRedisplay) {
        JsonObject method = world.object(world.ids().full("pm"), TYPE)
                .put("allow_redisplay", allowRedisplay)
                .put("billing_details", payment.payer().billingDetails())
                .put("created", world.clock().seconds())
                .put("customer", null)
                .put("customer_account", null)
                .put("livemode", false)
                .put("metadata", new JsonObject())
                .put("type", payment.type())
                .put(payment.type(), payment.details());
        account.all(Kind.PAYMENT_METHOD).add(method);
        return method;
    }

    /** Gives one to a customer. */
    void attach(Account account, Origin origin, JsonObject method, String customer) {
        method.put("customer", customer);
        events.add(account, origin, "payment_method.attached", method);
    }

    private JsonObject attach(Call call) {
        JsonObject method = call.subject(Kind.PAYMENT_METHOD);
        String customer = call.named(Kind.CUSTOMER, "customer").getString("id");
        String owner = method.getString("customer");
        if (owner != null && !owner.equals(customer)) {
            throw StripeError.invalid("The payment method you provided has already been attached to a customer.")
                    .code("payment_method_unexpected_state")
                    .param("payment_method");
        }
        if (call.account().hidden(method.getString("id")).getBoolean("detached", false)) {
            throw StripeError.invalid("This PaymentMethod was previously used without being attached to a Customer or "
                    + "was detached from a Customer, and may not be used again.");
        }
        if (owner == null) {
            attach(call.account(), Requests.origin(call), method, customer);
        }
        return method;
    }

    private JsonObject detach(Call call) {
        JsonObject method = call.subject(Kind.PAYMENT_METHOD);
        String owner = method.getString("customer");
        if (owner == null) {
            throw StripeError.invalid("The payment method you provided is not attached to a customer so detachment is "
                            + "impossible.")
                    .code("payment_method_unexpected_state")
                    .param("payment_method");
        }
        method.put("customer", null);
        call.account().hidden(method.getString("id")).put("detached", true);
        events.updated(
                call.account(),
                Requests.origin(call),
                "payment_method.detached",
                method,
                new JsonObject().put("customer", owner));
        forgetDefault(call, owner, method.getString("id"));
        return method;
    }

    /** A customer's default must be attached, so it goes with the attachment. */
    private void forgetDefault(Call call, String owner, String method) {
        call.account().all(Kind.CUSTOMER).find(owner).ifPresent(customer -> {
            JsonObject settings = customer.getJsonObject("invoice_settings", new JsonObject());
            if (method.equals(settings.getString("default_payment_method"))) {
                settings.put("default_payment_method", null);
                JsonObject previous = new JsonObject()
                        .put("invoice_settings", new JsonObject().put("default_payment_method", method));
                events.updated(call.account(), Requests.origin(call), "customer.updated", customer, previous);
            }
        });
    }

    private JsonObject list(Call call, @Nullable String customer, String url) {
        return Lists.page(
                call,
                Kind.PAYMENT_METHOD,
                url,
                method -> (customer == null || customer.equals(method.getString("customer")))
                        && Requests.sameText(call, "type", method.getString("type"))
                        && Requests.sameText(call, "allow_redisplay", method.getString("allow_redisplay")));
    }

    private JsonObject listOfCustomer(Call call) {
        String customer = call.subject(Kind.CUSTOMER).getString("id");
        return list(call, customer, "/v1/customers/" + customer + "/payment_methods");
    }

    private JsonObject oneOfCustomer(Call call) {
        String customer = call.subject(Kind.CUSTOMER).getString("id");
        String id = call.path().get(1);
        return call.account()
                .all(Kind.PAYMENT_METHOD)
                .find(id)
                .filter(method -> customer.equals(method.getString("customer")))
                .orElseThrow(() -> StripeError.noSuch("PaymentMethod", id, "payment_method", 404));
    }
}
