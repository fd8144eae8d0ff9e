package io.checkoutgateway.customers;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A counterpart that was looked up at Stripe, to be tied to a customer.
 *
 * @param linkId our ULID for the tie, where there is none yet
 * @param appId the app whose key reaches the account
 * @param account the connected account; {@code null} for the app's own
 * @param stripeCustomerId {@code cus_…}
 * @param chosen the payment method that the caller chose; {@code null}: the default stays
 * @param present the default payment method at Stripe when it was looked up; {@code null}: none
 * @param asOf when it was looked up, by Stripe's clock
 * @param labels of the tie; {@code null}: they stay
 */
public record CustomerTie(
        String linkId,
        String appId,
        @Nullable String account,
        String stripeCustomerId,
        @Nullable String chosen,
        @Nullable String present,
        Instant asOf,
        @Nullable Map<String, String> labels) {}
