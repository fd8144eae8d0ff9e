package io.checkoutgateway.followup;

import io.checkoutgateway.apps.StripeApp;
import io.checkoutgateway.followup.FollowUpCalls.DefaultSeen;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Sees to it that a customer's link and Stripe hold the same default payment method. Checkout sets none in
 * {@code setup} mode, so that Stripe has to be told.
 *
 * <p>Stripe is looked at before it is told. Where it holds what nobody here can account for, be it nothing after it held
 * this very choice, somebody has chosen there, and the event may still be on the way: Stripe's list of events tells
 * when. Theirs is taken over, as of then, unless ours is newer. Whatever is decided wrongly because an event was not to
 * be had is put right by the event, which asks for another look.
 */
public final class DefaultSetting {
    /** Stripe's list of events goes back for so long. (Stripe API, "List all events".) */
    private static final Duration EVENTS_KEPT = Duration.ofDays(30);

    /** Stripe delivers within seconds as a rule. An event that comes later than this is acted upon then. */
    private static final Duration EVENT_AWAITED = Duration.ofMinutes(2);

    private final DefaultChoices choices;
    private final FollowUpCalls stripe;

    public DefaultSetting(DefaultChoices choices, FollowUpCalls stripe) {
        this.choices = choices;
        this.stripe = stripe;
    }

    /**
     * Tells what the link holds now, whatever it held when this was wished for; answers what came of it.
     *
     * @param attempt tells this attempt from every other
     */
    Future<String> tell(StripeApp app, String linkId, String attempt) {
        return choices.find(app.id(), linkId).compose(found -> found.map(choice -> compare(app, choice, attempt))
                .orElseGet(() -> Future.succeededFuture("nothing was chosen")));
    }

    private Future<String> compare(StripeApp app, DefaultChoice choice, String attempt) {
        return stripe.defaultPaymentMethod(app, choice.stripeCustomerId())
                .compose(found -> found.map(seen -> settle(app, choice, attempt, seen))
                        .orElseGet(() -> Future.succeededFuture("the customer is gone at Stripe")));
    }

    private Future<String> settle(StripeApp app, DefaultChoice choice, String attempt, DefaultSeen seen) {
        if (Objects.equals(seen.paymentMethodId(), choice.paymentMethodId())) {
            return choices.told(choice).map("it is so already");
        }
        return isAccountedFor(choice, seen.paymentMethodId())
                ? write(app, choice, attempt, seen)
                : stripe.originOfDefault(
                                app,
                                choice.stripeCustomerId(),
                                seen.paymentMethodId(),
                                choice.asOf().truncatedTo(ChronoUnit.SECONDS))
                        .compose(origin -> decide(app, choice, attempt, seen, origin));
    }

    /** Whether it is what the link knows of, or what the gateway asked for when nobody lived to hear the answer. */
    private static boolean isAccountedFor(DefaultChoice choice, @Nullable String present) {
        return present == null
                ? !Objects.equals(choice.paymentMethodId(), choice.told())
                : present.equals(choice.told()) || present.equals(choice.asked());
    }

    private Future<String> decide(
            StripeApp app, DefaultChoice choice, String attempt, DefaultSeen seen, FollowUpCalls.Origin origin) {
        return switch (origin.author()) {
            case OTHERS ->
                choices.adopt(choice, seen.paymentMethodId(), timeOf(choice, origin))
                        .map("somebody has chosen at Stripe since");
            case GATEWAY -> write(app, choice, attempt, seen);
            case NOBODY_SINCE -> writeUnlessForgotten(app, choice, attempt, seen);
            case UNKNOWN ->
                seen.asOf().isBefore(choice.asOf().plus(EVENT_AWAITED))
                        ? Future.failedFuture(new NotYetException("the event of what Stripe holds may be on its way"))
                        : writeUnlessForgotten(app, choice, attempt, seen);
        };
    }

    /** Of a choice from before Stripe's oldest event nobody can tell whether it is newer: what Stripe charges stays. */
    private Future<String> writeUnlessForgotten(StripeApp app, DefaultChoice choice, String attempt, DefaultSeen seen) {
        return seen.paymentMethodId() != null
                        && choice.asOf().isBefore(seen.asOf().minus(EVENTS_KEPT))
                ? choices.adopt(choice, seen.paymentMethodId(), choice.asOf())
                        .map("Stripe has forgotten when its default was chosen")
                : write(app, choice, attempt, seen);
    }

    /** Events are dated in whole seconds: of those of the choice's own, only Stripe knows which was the last. */
    private static Instant timeOf(DefaultChoice choice, FollowUpCalls.Origin origin) {
        Instant at = origin.at();
        return at == null || at.isBefore(choice.asOf()) ? choice.asOf() : at;
    }

    private Future<String> write(StripeApp app, DefaultChoice choice, String attempt, DefaultSeen seen) {
        return choices.asking(choice, seen.paymentMethodId())
                .compose(still ->
                        still ? ask(app, choice, attempt) : Future.succeededFuture("another was chosen meanwhile"));
    }

    private Future<String> ask(StripeApp app, DefaultChoice choice, String attempt) {
        return stripe.setDefaultPaymentMethod(
                        app, choice.stripeCustomerId(), choice.paymentMethodId(), choice.idempotencyKey(attempt))
                .compose(told -> switch (told) {
                    case SET -> choices.told(choice).map("set");
                    case PAYMENT_METHOD_GONE -> choices.withdraw(choice).map("the payment method is gone at Stripe");
                    case CUSTOMER_GONE -> Future.succeededFuture("the customer is gone at Stripe");
                });
    }
}
