/**
 * Why something was not done: a reason for machines, a sentence for the caller, a cause for the log. The door
 * is {@link io.checkoutgateway.failure.GatewayException}; every room may throw it. Statuses and wire forms do
 * not belong here, they are given in one place of the {@code http} room.
 */
@NullMarked
@CheckReturnValue
package io.checkoutgateway.failure;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
