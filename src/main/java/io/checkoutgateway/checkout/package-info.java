/**
 * What the product does: it opens Stripe Checkout Sessions, remembers them and keeps them true. The door is
 * {@link io.checkoutgateway.checkout.CheckoutService}; Stripe and Postgres are reached through the ports {@link
 * io.checkoutgateway.checkout.StripeCheckout} and {@link io.checkoutgateway.checkout.SessionStore}. No HTTP, no
 * SQL and no Stripe library belong here.
 */
@NullMarked
@CheckReturnValue
package io.checkoutgateway.checkout;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
