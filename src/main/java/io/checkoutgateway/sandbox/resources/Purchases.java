package io.checkoutgateway.sandbox.resources;

import io.checkoutgateway.sandbox.events.EventLog;
import io.checkoutgateway.sandbox.events.Origin;
import io.checkoutgateway.sandbox.http.Route;
import io.checkoutgateway.sandbox.world.Account;
import io.checkoutgateway.sandbox.world.World;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a complete session in payment or subscription mode is paid through. Cards pay at once; a bank debit leaves the
 * session complete and unpaid until {@link #settle} says how it ended; and where nothing is due, nothing is paid.
 */
public final class Purchases {
    private final EventLog events;
    private final PaymentIntents intents;
    private final Subscriptions subscriptions;

    public Purchases(World world, EventLog events, LineItems lineItems) {
        this.events = events;
        this.intents = new PaymentIntents(world, events);
        this.subscriptions = new Subscriptions(world, events, lineItems);
    }

    public List<Route> routes() {
        return List.of(intents.retrieve(), subscriptions.retrieve());
    }

    /** The bank has decided about a delayed payment; false when none is under way. */
    public boolean settle(Account account, JsonObject session, boolean paid) {
        boolean unpaid =
                "complete".equals(session.getString("status")) && "unpaid".equals(session.getString("payment_status"));
        JsonObject hidden = account.hidden(session.getString("id"));
        if (!unpaid || hidden.getBoolean("settled", false)) {
            return false;
        }
        hidden.put("settled", true);
        if (session.getString("subscription") != null) {
            subscriptions.settle(account, session.getString("subscription"), paid);
        } else {
            intents.settle(account, session.getString("payment_intent"), paid);
        }
        if (paid) {
            session.put("payment_status", "paid");
        }
        String type = "checkout.session.async_payment_" + (paid ? "succeeded" : "failed");
        events.add(account, Origin.NONE, type, session);
        return true;
    }

    /** Ends what was not paid in time. */
    public void runOnce() {
        subscriptions.runOnce();
    }

    /** Forgets what was not paid. */
    public void clear() {
        subscriptions.clear();
    }

    /** Whether the method stays with the customer afterwards: not after a single payment, unless asked for. */
    boolean keepsMethod(Account account, JsonObject session) {
        JsonObject data = Requests.object(account.hidden(session.getString("id")), "payment_intent_data");
        return !session.getString("mode").equals("payment") || data.getString("setup_future_usage") != null;
    }

    /**
     * Writes into the session whether it is paid, and through what: an order without cost has no PaymentIntent.
     *
     * @param method null when the page asked for none
     */
    void complete(Account account, JsonObject session, @Nullable JsonObject method) {
        session.put("payment_status", paymentStatus(session, method));
        if (session.getString("mode").equals("subscription")) {
            JsonObject subscription = subscriptions.begin(account, session, method);
            session.put("subscription", subscription.getString("id"));
        } else if (method != null) {
            JsonObject intent = intents.charge(account, session, method);
            session.put("payment_intent", intent.getString("id"));
        }
    }

    /**
     * {@code no_payment_required} where "the payment is delayed to a future date", {@code unpaid} where "the payment funds
     * are not yet available in your account". (Stripe API reference, "The Checkout Session object".)
     */
    private static String paymentStatus(JsonObject session, @Nullable JsonObject method) {
        if (method == null || Due.isNothing(session)) {
            return "no_payment_required";
        }
        return PaymentMethodTypes.DELAYED.contains(method.getString("type")) ? "unpaid" : "paid";
    }
}
