/**
 * The hands of the operator: JSON routes under {@code /_sandbox} that move the clock, script faults, finish
 * sessions and show the ledger. The door is {@code ControlApi}. Nothing here is part of Stripe's API.
 */
@NullMarked
@CheckReturnValue
package io.checkoutgateway.sandbox.control;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
