package io.checkoutgateway.sandbox.http;

import io.checkoutgateway.sandbox.wire.StripeError;
import io.checkoutgateway.sandbox.world.Account;
import io.checkoutgateway.sandbox.world.Kind;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;

/** Puts whole objects where ids are, as {@code expand[]} asks ("Expanding responses" in Stripe's reference). */
public final class Expansion {
    /** Stripe's limit, the leading {@code data} of a list included. */
    static final int MAX_LEVELS = 4;

    /** What may be expanded, by the type it is in, with the type that appears. */
    private static final Map<String, Map<String, String>> GRAPH = Map.of(
            "checkout.session",
            Map.of(
                    "customer", "customer",
                    "setup_intent", "setup_intent",
                    "payment_intent", "payment_intent",
                    "subscription", "subscription",
                    "invoice", "invoice",
                    "payment_link", "payment_link",
                    "line_items", "line_items"),
            "setup_intent",
            Map.of(
                    "customer", "customer",
                    "payment_method", "payment_method",
                    "latest_attempt", "setup_attempt",
                    "mandate", "mandate",
                    "single_use_mandate", "mandate",
                    "application", "application",
                    "on_behalf_of", "account"),
            "setup_attempt",
            Map.of("customer", "customer", "payment_method", "payment_method", "setup_intent", "setup_intent"),
            "payment_method",
            Map.of("customer", "customer"),
            "customer",
            Map.of(
                    "default_source", "source",
                    "invoice_settings", "customer.invoice_settings",
                    "subscriptions", "subscription",
                    "tax", "tax",
                    "test_clock", "test_clock"),
            "customer.invoice_settings",
            Map.of("default_payment_method", "payment_method"),
            "payment_intent",
            Map.of("customer", "customer", "payment_method", "payment_method", "latest_charge", "charge"),
            "subscription",
            Map.of(
                    "customer", "customer",
                    "default_payment_method", "payment_method",
                    "latest_invoice", "invoice",
                    "pending_setup_intent", "setup_intent"),
            "billing_portal.session",
            Map.of("configuration", "billing_portal.configuration"));

    /** What is no resource of its own, and comes with the object that it is in. */
    private static final Set<String> PARTS = Set.of("line_items", "customer.invoice_settings", "tax");

    private final BiFunction<Account, JsonObject, JsonObject> lineItems;

    /**
     * Expands.
     *
     * @param lineItems the line items of a session: the one thing that is absent until asked for
     */
    public Expansion(BiFunction<Account, JsonObject, JsonObject> lineItems) {
        this.lineItems = lineItems;
    }

    /** Refuses a path that leads nowhere before anything is done; answers the types that lie on the others. */
    Set<String> check(String type, JsonArray paths) {
        Set<String> types = new HashSet<>();
        for (Object path : paths) {
            List<String> segments = segments((String) path);
            if (segments.size() > MAX_LEVELS) {
                throw StripeError.parameter(
                        "You cannot expand more than " + MAX_LEVELS + " levels of a property. Property: " + path,
                        "expand");
            }
            boolean list = type.startsWith("list of ");
            if (list && !segments.get(0).equals("data")) {
                throw notExpandable((String) path);
            }
            String here = list ? type.substring("list of ".length()) : type;
            for (String segment : segments.subList(list ? 1 : 0, segments.size())) {
                String next = GRAPH.getOrDefault(here, Map.of()).get(segment);
                if (next == null) {
                    throw notExpandable((String) path);
                }
                here = next;
                types.add(next);
            }
        }
        types.removeAll(PARTS);
        return types;
    }

    /** The same object, or a copy with more in it. */
    JsonObject apply(Account account, JsonObject object, JsonArray paths) {
        if (paths.isEmpty()) {
            return object;
        }
        JsonObject copy = object.copy();
        paths.forEach(path -> expand(account, copy, segments((String) path)));
        return copy;
    }

    private void expand(Account account, JsonObject object, List<String> path) {
        if (path.isEmpty()) {
            return;
        }
        String name = path.get(0);
        if (name.equals("line_items")) {
            object.put(name, lineItems.apply(account, object));
            return;
        }
        Object value = object.getValue(name);
        if (value instanceof String id) {
            Kind.ofId(id)
                    .flatMap(kind -> account.all(kind).find(id))
                    .ifPresent(found -> object.put(name, found.copy()));
        }
        descend(account, object.getValue(name), path.subList(1, path.size()));
    }

    private void descend(Account account, Object value, List<String> path) {
        if (value instanceof JsonObject nested) {
            expand(account, nested, path);
        } else if (value instanceof JsonArray elements) {
            elements.forEach(element -> descend(account, element, path));
        }
    }

    private static List<String> segments(String path) {
        return Arrays.asList(path.split("\\.", -1));
    }

    private static StripeError notExpandable(String path) {
        return StripeError.parameter("This property cannot be expanded (" + path + ").", "expand");
    }
}
