package io.checkoutgateway.events;

import io.checkoutgateway.checkout.Observation;
import io.checkoutgateway.followup.FollowUp;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What an event says. {@link EventReader} finds it out; the store writes it down. */
public sealed interface Meaning {

    /**
     * A session or its SetupIntent, as it was then.
     *
     * @param gatewaySessionId our ULID, where the object carries it
     * @param choice the payment method that was set up, where one was
     */
    record Seen(Observation observation, @Nullable String gatewaySessionId, @Nullable Choice choice)
            implements Meaning {}

    /** A customer's default payment method was set at Stripe. */
    record Chosen(Choice choice) implements Meaning {}

    /** A payment method belongs to no customer any more, which cannot be undone. */
    record PaymentMethodGone(String paymentMethodId) implements Meaning {}

    /** A customer was deleted, which cannot be undone. */
    record CustomerGone(String stripeCustomerId) implements Meaning {}

    /** The connected account of the event gave the platform no access any more; it may have come back since. */
    record AccountGone() implements Meaning {}

    /**
     * The object is written in another API version than the gateway's: it has to be read.
     *
     * @param happenedAt when what will be found happened, where the event's type says what that is: a payment method that
     *     was set up, a session that is complete
     */
    record ToRead(FollowUp.Kind kind, String subject, @Nullable Instant happenedAt) implements Meaning {}

    /** It is of no interest here. */
    record Ignored(String reason) implements Meaning {}

    /**
     * The payment method that a customer shall be charged with from a moment on.
     *
     * @param stripeCustomerId {@code cus_…}
     * @param paymentMethodId {@code pm_…}; {@code null}: none
     * @param before what Stripe held until then, where an event says so; {@code null}: none, or nobody said
     * @param at when it was chosen, by Stripe's clock
     */
    record Choice(
            String stripeCustomerId, @Nullable String paymentMethodId, @Nullable String before, Instant at, By by) {
        /** Who chose. */
        public enum By {
            /** The customer, by setting it up in a session: Stripe is still to be told. */
            SET_UP,
            /** Somebody who told Stripe. */
            OTHERS,
            /** The gateway told Stripe, which now says it back. */
            GATEWAY
        }

        /** One that the customer set up. */
        public static Choice setUp(String stripeCustomerId, @Nullable String paymentMethodId, Instant at) {
            return new Choice(stripeCustomerId, paymentMethodId, null, at, By.SET_UP);
        }
    }
}
