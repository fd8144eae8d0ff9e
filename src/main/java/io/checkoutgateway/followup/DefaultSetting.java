package io.checkoutgateway.followup;

import io.checkoutgateway.apps.StripeApp;
import io.checkoutgateway.followup.FollowUpCalls.DefaultSeen;
import io.vertx.core.Future;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;

/**
 * Tells Stripe a customer's default payment method, since Checkout sets none in {@code setup} mode.
 *
 * <p>A choice that was just made is told at once. One that is late, because the gateway was down or Stripe was away, or
 * that may have been told before, because the process died or the answer was lost, is told only if nobody has chosen at
 * Stripe since; else theirs is taken over. A payment method that is detached is cleared by Stripe itself, so that a
 * choice of none is looked at first too.
 */
public final class DefaultSetting {
    /** Longer than an event takes on a bad day, shorter than a person takes to choose again elsewhere. */
    static final Duration FRESH = Duration.ofMinutes(5);

    private final DefaultChoices choices;
    private final FollowUpCalls stripe;
    private final Clock clock;

    public DefaultSetting(DefaultChoices choices, FollowUpCalls stripe, Clock clock) {
        this.choices = choices;
        this.stripe = stripe;
        this.clock = clock;
    }

    /**
     * Tells what the link holds now, whatever it held when this was wished for; answers what came of it.
     *
     * @param attempt counts from 1
     */
    Future<String> tell(StripeApp app, String linkId, int attempt) {
        return choices.find(app.id(), linkId).compose(found -> found.map(choice ->
                        attempt == 1 && isFresh(choice) ? write(app, choice, attempt) : compare(app, choice, attempt))
                .orElseGet(() -> Future.succeededFuture("nothing was chosen")));
    }

    private boolean isFresh(DefaultChoice choice) {
        return choice.paymentMethodId() != null && choice.asOf().plus(FRESH).isAfter(clock.instant());
    }

    private Future<String> compare(StripeApp app, DefaultChoice choice, int attempt) {
        Instant now = clock.instant();
        return stripe.defaultPaymentMethod(app, choice.stripeCustomerId())
                .compose(seen -> settle(app, choice, attempt, seen, now));
    }

    private Future<String> settle(StripeApp app, DefaultChoice choice, int attempt, DefaultSeen seen, Instant asOf) {
        String present = seen.paymentMethodId();
        if (!seen.customerExists()) {
            return Future.succeededFuture("the customer is gone at Stripe");
        }
        if (Objects.equals(present, choice.paymentMethodId())) {
            return choices.told(choice).map("it is so already");
        }
        if (present != null && !present.equals(choice.told())) {
            return choices.adopt(choice, present, asOf).map("somebody has chosen at Stripe since");
        }
        return write(app, choice, attempt);
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
