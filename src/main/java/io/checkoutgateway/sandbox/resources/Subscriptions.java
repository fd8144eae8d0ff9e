package io.checkoutgateway.sandbox.resources;

import io.checkoutgateway.sandbox.events.EventLog;
import io.checkoutgateway.sandbox.events.Origin;
import io.checkoutgateway.sandbox.http.Route;
import io.checkoutgateway.sandbox.wire.Fields;
import io.checkoutgateway.sandbox.world.Account;
import io.checkoutgateway.sandbox.world.Kind;
import io.checkoutgateway.sandbox.world.World;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code /v1/subscriptions}: how one begins when a session in subscription mode is complete, and what becomes of its
 * first payment. It has no invoices, no second period, and no trial that ends.
 */
final class Subscriptions {
    private static final String INCOMPLETE = "incomplete";

    /**
     * "If the first invoice is not paid within 23 hours, the subscription transitions to incomplete_expired." (Stripe API
     * reference, "The Subscription object".) While a bank has not decided, nothing is said to end.
     */
    private static final long PAYABLE_SECONDS = 23 * 60 * 60;

    private final World world;
    private final EventLog events;
    private final SubscriptionObject objects;
    private final List<Unpaid> unpaid = new ArrayList<>();

    Subscriptions(World world, EventLog events, LineItems lineItems) {
        this.world = world;
        this.events = events;
        this.objects = new SubscriptionObject(world, lineItems);
    }

    Route retrieve() {
        return Route.get(
                "/v1/subscriptions/{id}", "subscription", Fields.none(), call -> call.subject(Kind.SUBSCRIPTION));
    }

    /**
     * What Checkout makes of a session whose {@code payment_status} is known. One that is to be paid begins
     * {@code incomplete}; "Subscriptions can also be incomplete if there's a pending payment". (Stripe, "How subscriptions
     * work", statuses.) One that is not begins as it goes on, with a single event.
     *
     * @param method null when the page asked for none
     */
    JsonObject begin(Account account, JsonObject session, @Nullable JsonObject method) {
        JsonObject subscription = objects.create(account, session);
        String methodId = method == null ? null : method.getString("id");
        String payment = session.getString("payment_status");
        if (payment.equals("no_payment_required")) {
            subscription.put("status", running(subscription)).put("default_payment_method", methodId);
        }
        account.all(Kind.SUBSCRIPTION).add(subscription);
        events.add(account, Origin.NONE, "customer.subscription.created", subscription);
        account.hidden(subscription.getString("id")).put("method", methodId);
        if (payment.equals("paid")) {
            activate(account, subscription);
        }
        return subscription;
    }

    /** The bank has decided about the first payment. */
    void settle(Account account, String id, boolean paid) {
        JsonObject subscription = account.all(Kind.SUBSCRIPTION).find(id).orElseThrow();
        if (paid) {
            activate(account, subscription);
        } else {
            unpaid.add(new Unpaid(account, subscription));
            runOnce();
        }
    }

    /** Ends those whose first payment failed and that were not paid in time. */
    void runOnce() {
        long latest = world.clock().seconds() - PAYABLE_SECONDS;
        List<Unpaid> late = unpaid.stream()
                .filter(one -> one.subscription.getLong("created") <= latest)
                .toList();
        unpaid.removeAll(late);
        late.forEach(one -> {
            one.subscription
                    .put("status", "incomplete_expired")
                    .put("ended_at", world.clock().seconds());
            JsonObject before = new JsonObject().put("status", INCOMPLETE).put("ended_at", null);
            events.updated(one.account, Origin.NONE, "customer.subscription.updated", one.subscription, before);
        });
    }

    void clear() {
        unpaid.clear();
    }

    /** The first invoice is paid, and Checkout leaves the payment method with the subscription. */
    private void activate(Account account, JsonObject subscription) {
        String method = account.hidden(subscription.getString("id")).getString("method");
        subscription.put("status", running(subscription)).put("default_payment_method", method);
        JsonObject before = new JsonObject().put("status", INCOMPLETE).put("default_payment_method", null);
        events.updated(account, Origin.NONE, "customer.subscription.updated", subscription, before);
    }

    private static String running(JsonObject subscription) {
        return subscription.getLong("trial_end") == null ? "active" : "trialing";
    }

    private record Unpaid(Account account, JsonObject subscription) {}
}
