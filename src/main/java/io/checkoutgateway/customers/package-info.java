/**
 * The billing side: who a session is for. The door is {@link io.checkoutgateway.customers.CustomerService};
 * {@link io.checkoutgateway.customers.StripeCustomers} gives each of them one customer at Stripe. Sessions do
 * not belong here.
 */
@NullMarked
@CheckReturnValue
package io.checkoutgateway.customers;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
