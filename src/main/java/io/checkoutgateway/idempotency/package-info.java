/**
 * The promise that a request which comes twice is done once. The door is
 * {@link io.checkoutgateway.idempotency.IdempotencyKey}; every room may hold its values. How keys are stored does not
 * belong here, nor the keys that the gateway derives for Stripe.
 */
@NullMarked
@CheckReturnValue
package io.checkoutgateway.idempotency;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
