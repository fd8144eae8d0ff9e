/**
 * How much callers may ask for, counted over all replicas. The door is {@link io.checkoutgateway.limits.RateLimits}. What
 * the gateway itself asks of Stripe does not belong here, nor do the limits of one process, such as its queues.
 */
@NullMarked
@CheckReturnValue
package io.checkoutgateway.limits;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
