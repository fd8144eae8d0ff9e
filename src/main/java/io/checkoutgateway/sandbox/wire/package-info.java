/**
 * How Stripe writes things down: bracketed forms in, typed parameters, errors word for word. The doors are
 * {@code BracketForm}, {@code Fields} and {@code StripeError}. Nothing here knows a resource or has state.
 */
@NullMarked
@CheckReturnValue
package io.checkoutgateway.sandbox.wire;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
