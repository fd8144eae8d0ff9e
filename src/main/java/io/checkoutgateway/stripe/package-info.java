/**
 * How the gateway reaches Stripe: the only room that sees {@code com.stripe}. The doors are
 * {@link io.checkoutgateway.stripe.StripeSessions} and {@link io.checkoutgateway.stripe.StripeAccounts}, which
 * implement ports of other rooms; every call goes through {@link io.checkoutgateway.stripe.StripeCalls}, the one place
 * that waits. What an answer means for a session does not belong here.
 */
@NullMarked
@CheckReturnValue
package io.checkoutgateway.stripe;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
