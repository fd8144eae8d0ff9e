/**
 * The Stripe accounts that are connected, and their secrets. The door is {@link io.checkoutgateway.apps.Apps}.
 * Calls to Stripe do not belong here.
 */
@NullMarked
@CheckReturnValue
package io.checkoutgateway.apps;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
