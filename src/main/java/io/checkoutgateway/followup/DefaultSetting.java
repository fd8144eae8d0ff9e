package io.checkoutgateway.followup;

import io.checkoutgateway.apps.StripeApp;
import io.checkoutgateway.followup.FollowUpCalls.DefaultSeen;
import io.vertx.core.Future;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Objects;

/**
 * Sees to it that a customer's link and Stripe hold the same default payment method. Checkout sets none in
 * {@code setup} mode, so that Stripe has to be told.
 *
 * <p>Stripe is looked at before it is told: its event may still be on the way. Where it holds neither what was told last
 * nor nothing, somebody has chosen there, and theirs is taken over; where it holds nothing any more after it was told
 * this very choice, somebody has taken it back, and so does the link.
 */
public final class DefaultSetting {
    private final DefaultChoices choices;
    private final FollowUpCalls stripe;

    public DefaultSetting(DefaultChoices choices, FollowUpCalls stripe) {
        this.choices = choices;
        this.stripe = stripe;
    }

    /**
     * Tells what the link holds now, whatever it held when this was wished for; answers what came of it.
     *
     * @param attempt counts from 1
     */
    Future<String> tell(StripeApp app, String linkId, int attempt) {
        return choices.find(app.id(), linkId).compose(found -> found.map(choice -> compare(app, choice, attempt))
                .orElseGet(() -> Future.succeededFuture("nothing was chosen")));
    }

    private Future<String> compare(StripeApp app, DefaultChoice choice, int attempt) {
        return stripe.defaultPaymentMethod(app, choice.stripeCustomerId())
                .compose(found -> found.map(seen -> settle(app, choice, attempt, seen))
                        .orElseGet(() -> Future.succeededFuture("the customer is gone at Stripe")));
    }

    private Future<String> settle(StripeApp app, DefaultChoice choice, int attempt, DefaultSeen seen) {
        if (Objects.equals(seen.paymentMethodId(), choice.paymentMethodId())) {
            return choices.told(choice).map("it is so already");
        }
        return isTheirs(choice, seen)
                ? choices.adopt(choice, seen.paymentMethodId(), timeOf(choice, seen))
                        .map("somebody has chosen at Stripe since")
                : write(app, choice, attempt);
    }

    private static boolean isTheirs(DefaultChoice choice, DefaultSeen seen) {
        String present = seen.paymentMethodId();
        return present == null
                ? Objects.equals(choice.paymentMethodId(), choice.told())
                : !present.equals(choice.told());
    }

    /**
     * Events are dated in whole seconds: one of the second of this reading may tell of something before it or after it,
     * and must not look older.
     */
    private static Instant timeOf(DefaultChoice choice, DefaultSeen seen) {
        Instant second = seen.asOf().truncatedTo(ChronoUnit.SECONDS);
        return second.isBefore(choice.asOf()) ? choice.asOf() : second;
    }

    private Future<String> write(StripeApp app, DefaultChoice choice, int attempt) {
        return stripe.setDefaultPaymentMethod(
                        app, choice.stripeCustomerId(), choice.paymentMethodId(), choice.idempotencyKey(attempt))
                .compose(told -> switch (told) {
                    case SET -> choices.told(choice).map("set");
                    case PAYMENT_METHOD_GONE -> choices.withdraw(choice).map("the payment method is gone at Stripe");
                    case CUSTOMER_GONE -> Future.succeededFuture("the customer is gone at Stripe");
                });
    }
}
