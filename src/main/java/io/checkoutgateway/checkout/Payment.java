package io.checkoutgateway.checkout;

import io.vertx.core.json.JsonObject;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a session that sells is paid through, and what names its payment method: the PaymentIntent in {@code payment}
 * mode, the Subscription in {@code subscription} mode, whose {@code default_payment_method} Checkout sets.
 *
 * @param id {@code pi_…} or {@code sub_…}
 * @param settled whether it is past its beginning, to which it never returns: the PaymentIntent succeeded or was
 *     canceled, the Subscription is not {@code incomplete} any more
 * @param paymentMethodId {@code pm_…}; {@code null} for none
 */
public record Payment(String id, boolean settled, @Nullable String paymentMethodId) {
    private static final String PAYMENT_INTENT = "payment_intent";
    private static final String SUBSCRIPTION = "subscription";

    /** Nothing comes after them. (Stripe, "The Payment Intents API", life cycle.) */
    private static final Set<String> FINAL = Set.of("succeeded", "canceled");

    /** A Subscription may begin so and leaves it for good. (Stripe API reference, "The Subscription object".) */
    private static final String INCOMPLETE = "incomplete";

    /**
     * Reads a PaymentIntent or a Subscription as Stripe wrote it.
     *
     * @throws IllegalArgumentException when it is neither
     */
    public static Payment of(JsonObject object) {
        if (!(object.getValue("id") instanceof String id)) {
            throw new IllegalArgumentException("This is not an object with an id");
        }
        String status = String.valueOf(object.getValue("status"));
        if (PAYMENT_INTENT.equals(object.getValue("object"))) {
            return new Payment(id, FINAL.contains(status), Members.reference(object, "payment_method"));
        }
        if (SUBSCRIPTION.equals(object.getValue("object"))) {
            return new Payment(id, !INCOMPLETE.equals(status), Members.reference(object, "default_payment_method"));
        }
        throw new IllegalArgumentException("This is neither a PaymentIntent nor a Subscription object");
    }

    /** What a session is paid through, where Stripe wrote it into the session whole. */
    public static Optional<Payment> in(JsonObject session) {
        return Stream.of(PAYMENT_INTENT, SUBSCRIPTION)
                .map(session::getValue)
                .filter(JsonObject.class::isInstance)
                .map(expanded -> of((JsonObject) expanded))
                .findFirst();
    }
}
