package io.checkoutgateway.checkout;

import io.checkoutgateway.api.model.BillingAppStripeCreateCheckoutSessionRequestOptions;
import io.checkoutgateway.apps.RedirectHosts;
import io.checkoutgateway.apps.StripeApp;
import io.checkoutgateway.customers.Customer;
import io.checkoutgateway.failure.GatewayException;
import io.checkoutgateway.failure.InvalidParameter;
import io.checkoutgateway.failure.Reason;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The rules of a create that the contract's schemas cannot say: they need the time, the customer or the app. Each
 * refuses what Stripe would refuse, before Stripe is asked, in the caller's own words.
 */
final class CreateRules {
    /** Stripe's window: 30 minutes to 24 hours after creation. (API reference, "Create a Checkout Session".) */
    private static final Duration EARLIEST = Duration.ofMinutes(30);

    private static final Duration LATEST = Duration.ofHours(24);

    /** A caller who means exactly 30 minutes or 24 hours is off by the network and by its clock. */
    private static final Duration CALLERS_SLACK = Duration.ofMinutes(1);

    /** What is sent stays clear of Stripe's edges, so that a slow call or a repeated one is still inside. */
    private static final Duration EARLIEST_SENT = Duration.ofMinutes(31);

    private static final Duration LATEST_SENT = Duration.ofHours(23).plusMinutes(55);

    private CreateRules() {}

    /**
     * Checks a create.
     *
     * @param hosts where the app lets its customers be sent
     * @throws GatewayException with {@link Reason#GONE} for a deleted customer, else with every broken rule
     */
    static void check(CreateCheckout command, StripeApp app, RedirectHosts hosts, Customer customer, Instant now) {
        if (customer.deletedAt() != null) {
            throw new GatewayException(Reason.GONE, "The customer was deleted at " + customer.deletedAt());
        }
        check(command.options(), app, hosts, customer.currency(), now);
    }

    /**
     * The same for a customer that is not made yet.
     *
     * @param currency the customer's
     */
    static void check(
            BillingAppStripeCreateCheckoutSessionRequestOptions options,
            StripeApp app,
            RedirectHosts hosts,
            @Nullable String currency,
            Instant now) {
        List<InvalidParameter> broken = new ArrayList<>();
        checkExpiry(options.getExpiresAt(), now, broken);
        checkCurrency(options, currency, broken);
        RedirectUrls.check("stripe_options.success_url", options.getSuccessUrl(), app.livemode(), hosts, broken);
        RedirectUrls.check("stripe_options.cancel_url", options.getCancelUrl(), app.livemode(), hosts, broken);
        RedirectUrls.check("stripe_options.return_url", options.getReturnUrl(), app.livemode(), hosts, broken);
        if (!broken.isEmpty()) {
            throw GatewayException.invalid(broken);
        }
    }

    /** When the session shall run out: the caller's wish or the longest life, kept clear of Stripe's edges. */
    static Instant expiry(@Nullable Long wished, Instant now) {
        Instant latest = now.plus(LATEST_SENT);
        if (wished == null) {
            return latest;
        }
        Instant earliest = now.plus(EARLIEST_SENT);
        Instant wish = Instant.ofEpochSecond(wished);
        return wish.isBefore(earliest) ? earliest : wish.isAfter(latest) ? latest : wish;
    }

    private static void checkExpiry(@Nullable Long wished, Instant now, List<InvalidParameter> broken) {
        if (wished == null) {
            return;
        }
        long least = now.plus(EARLIEST).minus(CALLERS_SLACK).getEpochSecond();
        long most = now.plus(LATEST).plus(CALLERS_SLACK).getEpochSecond();
        if (wished < least || wished > most) {
            broken.add(InvalidParameter.inBody(
                    "stripe_options.expires_at",
                    wished < least ? "minimum" : "maximum",
                    "must be between 30 minutes and 24 hours from now, in seconds since 1970"));
        }
    }

    /** Stripe needs one of the two to choose payment methods in setup mode. */
    private static void checkCurrency(
            BillingAppStripeCreateCheckoutSessionRequestOptions options,
            @Nullable String customersCurrency,
            List<InvalidParameter> broken) {
        var types = options.getPaymentMethodTypes();
        boolean typesGiven = types != null && !types.isEmpty();
        if (!typesGiven && options.getCurrency() == null && customersCurrency == null) {
            broken.add(InvalidParameter.inBody(
                    "stripe_options.currency",
                    "required",
                    "is required when neither payment_method_types is given nor the customer has a currency"));
        }
    }
}
