package io.checkoutgateway.sandbox.resources;

import io.checkoutgateway.sandbox.events.EventLog;
import io.checkoutgateway.sandbox.events.Origin;
import io.checkoutgateway.sandbox.world.Account;
import io.checkoutgateway.sandbox.world.Kind;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What happens when a customer presses the button: everything the page changes, and the events in Stripe's order. */
public final class Completion {
    private final EventLog events;
    private final Customers customers;
    private final SetupIntents setupIntents;
    private final PaymentMethods methods;
    private final Purchases purchases;
    private final Supplier<URI> base;

    public Completion(
            EventLog events,
            Customers customers,
            SetupIntents setupIntents,
            PaymentMethods methods,
            Purchases purchases,
            Supplier<URI> base) {
        this.events = events;
        this.customers = customers;
        this.setupIntents = setupIntents;
        this.methods = methods;
        this.purchases = purchases;
        this.base = base;
    }

    /** How an attempt ended. */
    public sealed interface Outcome {
        /** The session is complete; the id is that of {@code checkout.session.completed}. */
        record Completed(String eventId) implements Outcome {}

        /** The bank wants to see the customer first. */
        record Challenged() implements Outcome {}

        /** Another card may be tried. */
        record Refused(Refusal refusal) implements Outcome {}
    }

    /** Tries to pay, or to set up, an open session. */
    public Outcome pay(Account account, JsonObject session, Payment payment, Consent consent) {
        String redisplay = Requests.object(account.hidden(session.getString("id")), "payment_method_data")
                .getString("allow_redisplay", "limited");
        JsonObject method = methods.create(account, payment, redisplay);
        account.hidden(session.getString("id"))
                .put("method", method.getString("id"))
                .put("consent", consent.toJson());
        Card.Fate fate = payment instanceof Card card ? card.fate() : Card.Fate.ACCEPTED;
        if (fate == Card.Fate.DECLINED && payment instanceof Card card) {
            return refuse(account, session, method, card.refusal());
        }
        if (fate == Card.Fate.CHALLENGED) {
            return challenge(account, session, method);
        }
        return complete(account, session, method);
    }

    /** Completes an open session that asks for no payment method. */
    public Outcome confirm(Account account, JsonObject session, Payer payer, Consent consent) {
        account.hidden(session.getString("id")).put("consent", consent.toJson());
        return complete(account, session, payer.billingDetails(), null);
    }

    /** The customer answered the bank's question. */
    public Outcome challenged(Account account, JsonObject session, boolean passed) {
        JsonObject method = account.all(Kind.PAYMENT_METHOD)
                .find(account.hidden(session.getString("id")).getString("method", ""))
                .orElseThrow(() -> new IllegalStateException("no challenge was begun"));
        return passed ? complete(account, session, method) : refuse(account, session, method, Refusal.UNAUTHENTICATED);
    }

    /** The customer went away; the session stays open. */
    public void abandon(Account account, JsonObject session) {
        account.hidden(session.getString("id")).remove("challenged");
        JsonObject intent = intent(account, session);
        if (intent != null) {
            setupIntents.abandonAttempt(account, intent);
        }
    }

    /** Whether the bank has asked the customer and not heard yet. */
    public boolean isChallenged(Account account, JsonObject session) {
        return account.hidden(session.getString("id")).getBoolean("challenged", false);
    }

    private Outcome refuse(Account account, JsonObject session, JsonObject method, Refusal refusal) {
        account.hidden(session.getString("id")).remove("challenged");
        JsonObject intent = intent(account, session);
        if (intent != null) {
            setupIntents.fail(account, intent, method, refusal);
        }
        return new Outcome.Refused(refusal);
    }

    private Outcome challenge(Account account, JsonObject session, JsonObject method) {
        account.hidden(session.getString("id")).put("challenged", true);
        JsonObject intent = intent(account, session);
        if (intent != null) {
            String url = base.get() + "/c/pay/" + session.getString("id") + "/challenge";
            setupIntents.challenge(account, intent, method, url);
        }
        return new Outcome.Challenged();
    }

    private Outcome complete(Account account, JsonObject session, JsonObject method) {
        account.hidden(session.getString("id")).remove("challenged");
        return complete(account, session, Objects.requireNonNull(method.getJsonObject("billing_details")), method);
    }

    private Outcome complete(Account account, JsonObject session, JsonObject payer, @Nullable JsonObject method) {
        String customer = customer(account, session, payer);
        JsonObject intent = intent(account, session);
        if (customer != null && method != null && purchases.keepsMethod(account, session)) {
            methods.attach(account, Origin.NONE, method, customer);
        }
        if (intent != null && method != null) {
            setupIntents.succeed(account, intent, method);
        } else {
            purchases.complete(account, session, method);
        }
        JsonObject known = Requests.object(session, "customer_details");
        String email = first(known.getString("email"), payer.getString("email"));
        JsonObject details = SessionObject.details(email, payer.getString("name"));
        if (intent == null) {
            // In setup mode Checkout never shows it.
            details.put("address", payer.getJsonObject("address").copy());
        }
        session.put("status", "complete")
                .put("url", null)
                .put("customer_details", details)
                .put("collected_information", collected());
        if (session.getValue("consent") != null) {
            session.put("consent", account.hidden(session.getString("id")).getJsonObject("consent"));
        }
        return new Outcome.Completed(events.add(account, Origin.NONE, "checkout.session.completed", session));
    }

    private @Nullable String customer(Account account, JsonObject session, JsonObject payer) {
        boolean always = "always".equals(session.getString("customer_creation"));
        // An order without cost has no guests: "the Checkout Session automatically creates a new Customer object".
        if (session.getString("customer") == null && (always || Due.isNothing(session))) {
            String email = first(session.getString("customer_email"), payer.getString("email"));
            JsonObject params = new JsonObject().put("email", email).put("name", payer.getString("name"));
            JsonObject customer = customers.create(account, Origin.NONE, params);
            session.put("customer", customer.getString("id"));
        }
        return session.getString("customer");
    }

    private static @Nullable JsonObject intent(Account account, JsonObject session) {
        String id = session.getString("setup_intent");
        return id == null ? null : account.all(Kind.SETUP_INTENT).find(id).orElse(null);
    }

    private static @Nullable String first(@Nullable String preferred, @Nullable String fallback) {
        return preferred == null ? fallback : preferred;
    }

    private static JsonObject collected() {
        return new JsonObject()
                .put("business_name", null)
                .put("individual_name", null)
                .put("shipping_details", null);
    }
}
