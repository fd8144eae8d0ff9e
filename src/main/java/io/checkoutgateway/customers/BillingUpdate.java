package io.checkoutgateway.customers;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A caller's wish for how a customer is billed.
 *
 * @param profileId the billing profile to bind the customer to; {@code null}: the namespace's default one
 * @param counterpart what the customer's counterpart at Stripe shall be, a payment method of {@code null} meaning that
 *     the default stays; {@code null}: all of it stays as it is
 * @param versions the states that this holds for; {@code null}: any
 */
public record BillingUpdate(
        @Nullable String profileId, CustomerBilling.@Nullable Counterpart counterpart, @Nullable Set<Long> versions) {}
