package io.checkoutgateway.checkout;

import io.checkoutgateway.apps.StripeApp;
import io.checkoutgateway.customers.Customer;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is asked of Stripe about sessions. Every failure is a {@link io.checkoutgateway.failure.StripeFailure}. */
public interface StripeCheckout {
    /**
     * A session and, where they were read along, its SetupIntent or what it is paid through.
     *
     * @param payment also {@code null} where the key may not read it
     * @param asOf just before the reading, by Stripe's clock
     */
    record Snapshot(StripeSession session, @Nullable SetupIntent setupIntent, @Nullable Payment payment, Instant asOf) {
        /** Whether it is paid through something that was not read along. */
        public boolean lacksPayment() {
            return session.payment() != null && payment == null;
        }
    }

    /** Whether a call made now would be taken; when not, callers are turned away before anything is written. */
    boolean hasRoom();

    /**
     * Stripe's parameters for this wish, in Stripe's words, without the customer and the attempt.
     *
     * @param sessionId our ULID, which travels in the metadata
     * @param expiresAt when the session shall run out; frozen, since Stripe's own preset would differ with every try
     */
    JsonObject parametersOf(
            CreateCheckout command, String sessionId, StripeApp app, Customer customer, Instant expiresAt);

    /** The same parameters for this attempt and this Stripe customer. */
    JsonObject bind(JsonObject parameters, String stripeCustomerId, int attempt);

    Future<StripeSession> create(StripeApp app, JsonObject parameters, String idempotencyKey);

    /** Reads the session with its SetupIntent, or with what it is paid through if the app's key may read that. */
    Future<Snapshot> retrieve(StripeApp app, String stripeSessionId);

    /** Ends an open session; when it is not open, answers what it is instead. */
    Future<Snapshot> expire(StripeApp app, String stripeSessionId);

    /**
     * The customer's sessions that carry our ULID in their metadata, newest first, made since then.
     *
     * @return all of them; fails with an unknown effect when the customer has more sessions than are looked through
     */
    Future<List<StripeSession>> findOurs(StripeApp app, String stripeCustomerId, String sessionId, Instant since);
}
