package io.checkoutgateway.testing;

import com.stripe.StripeClient;
import com.stripe.exception.StripeException;
import com.stripe.param.checkout.SessionCreateParams.Mode;
import io.checkoutgateway.sandbox.StripeSandbox;
import java.util.Objects;

/**
 * Something that another service of the account sold, and that was paid for by card.
 *
 * @param sessionId {@code cs_…}
 * @param paymentId the PaymentIntent or the Subscription
 * @param paymentMethodId what Stripe says the payment method of that one is
 */
public record Sold(String sessionId, String paymentId, String paymentMethodId) {
    private static final long UNIT_AMOUNT = 990;

    /** Opens a session in this mode and pays. */
    public static Sold in(Mode mode, StripeSandbox sandbox, StripeClient stripe) throws StripeException {
        var sessions = stripe.v1().checkout().sessions();
        String id =
                sessions.create(Selling.params(mode, UNIT_AMOUNT, 1).build()).getId();
        HostedPage.of(sandbox, id).pay(HostedPage.GOOD_CARD);
        var paid = sessions.retrieve(id);
        if (mode == Mode.PAYMENT) {
            var intent = stripe.v1().paymentIntents().retrieve(paid.getPaymentIntent());
            return new Sold(id, intent.getId(), Objects.requireNonNull(intent.getPaymentMethod()));
        }
        var subscription = stripe.v1().subscriptions().retrieve(paid.getSubscription());
        return new Sold(id, subscription.getId(), Objects.requireNonNull(subscription.getDefaultPaymentMethod()));
    }
}
