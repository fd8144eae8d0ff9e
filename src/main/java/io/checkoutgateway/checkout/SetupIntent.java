package io.checkoutgateway.checkout;

import io.vertx.core.json.JsonObject;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is known of the SetupIntent that collects a session's payment method.
 *
 * @param id {@code seti_…}
 * @param status Stripe's word, such as {@code succeeded}; {@code null} while only the id is known
 * @param paymentMethodId {@code pm_…}
 * @param lastError why the last attempt failed
 */
public record SetupIntent(
        String id, @Nullable String status, @Nullable String paymentMethodId, @Nullable SetupError lastError) {
    private static final Set<String> FINAL = Set.of("succeeded", "canceled");

    /** Whether its status stays as it is. */
    public boolean isFinal() {
        return status != null && FINAL.contains(status);
    }

    /**
     * Why an attempt failed, in Stripe's words.
     *
     * @param code such as {@code card_declined}
     * @param declineCode such as {@code insufficient_funds}
     * @param message Stripe's sentence for the customer
     */
    public record SetupError(@Nullable String code, @Nullable String declineCode, @Nullable String message) {}

    /**
     * Reads a SetupIntent object as Stripe wrote it.
     *
     * @throws IllegalArgumentException when it is not one
     */
    public static SetupIntent of(JsonObject object) {
        if (!"setup_intent".equals(object.getValue("object")) || !(object.getValue("id") instanceof String id)) {
            throw new IllegalArgumentException("This is not a SetupIntent object with an id");
        }
        return new SetupIntent(
                id,
                Members.text(object, "status"),
                Members.reference(object, "payment_method"),
                object.getValue("last_setup_error") instanceof JsonObject error ? errorOf(error) : null);
    }

    private static SetupError errorOf(JsonObject error) {
        return new SetupError(
                Members.text(error, "code"), Members.text(error, "decline_code"), Members.text(error, "message"));
    }
}
