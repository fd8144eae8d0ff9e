package io.checkoutgateway.mirror;

import io.checkoutgateway.checkout.CheckoutSession;
import io.checkoutgateway.checkout.Members;
import io.checkoutgateway.checkout.Payment;
import io.checkoutgateway.checkout.SetupIntent;
import io.checkoutgateway.checkout.StripeSession;
import io.checkoutgateway.mirror.ListedPage.Entry;
import io.checkoutgateway.mirror.MirrorSessions.Kept;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** In what a row and Stripe's session differ, by name. A pure function. */
final class Differences {
    private Differences() {}

    /**
     * The names of top-level members of Stripe's object, of the gateway's columns, {@code setup_intent.…}, {@code
     * payment_method} of a session that sells, and {@code line_items} where they were never fetched. What was not read
     * along is not compared.
     */
    static List<String> of(Kept kept, Entry listed) {
        CheckoutSession ours = kept.session();
        StripeSession theirs = listed.session();
        Set<String> names = new TreeSet<>(kept.staleColumns());
        if (kept.lacksLineItems()) {
            names.add("line_items");
        }
        boolean tells = theirs.saysStatus() || !ours.status().terminal();
        if (tells && ours.status() != theirs.status()) {
            names.add("status");
        }
        StripeSession object = ours.stripe();
        names.addAll(members(object == null ? new JsonObject() : object.object(), theirs.object()));
        if (listed.setupIntent() != null) {
            names.addAll(setupIntent(ours.setupIntent(), listed.setupIntent()));
        }
        if (listed.payment() != null) {
            addPayment(names, ours.payment(), listed.payment());
        }
        return List.copyOf(names);
    }

    private static Set<String> members(JsonObject ours, JsonObject theirs) {
        Set<String> names = Members.names(ours, theirs);
        names.removeIf(name -> Members.same(ours.getValue(name), theirs.getValue(name)));
        return names;
    }

    private static Set<String> setupIntent(@Nullable SetupIntent ours, SetupIntent theirs) {
        String known = ours == null ? null : ours.status();
        boolean notTold = known == null && !theirs.isFinal();
        Set<String> names = new TreeSet<>();
        if (ours == null || !ours.id().equals(theirs.id())) {
            names.add("setup_intent");
        } else if (!notTold) {
            // An intent that is not final yet may be known by its id alone: no event tells of its beginning.
            addUnlessSame(names, "setup_intent.status", known, theirs.status());
            addUnlessSame(names, "setup_intent.payment_method", ours.paymentMethodId(), theirs.paymentMethodId());
            addUnlessSame(names, "setup_intent.last_setup_error", ours.lastError(), theirs.lastError());
        }
        return names;
    }

    /** As with SetupIntents, one that is at its beginning may not have been told of. */
    private static void addPayment(Set<String> names, @Nullable Payment ours, Payment theirs) {
        if (ours != null || theirs.settled()) {
            addUnlessSame(
                    names, "payment_method", ours == null ? null : ours.paymentMethodId(), theirs.paymentMethodId());
        }
    }

    private static void addUnlessSame(Set<String> names, String name, @Nullable Object ours, @Nullable Object theirs) {
        if (!Objects.equals(ours, theirs)) {
            names.add(name);
        }
    }
}
