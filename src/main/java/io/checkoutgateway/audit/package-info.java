/**
 * Who did what: the trail of every change that somebody asked for. The door is {@link io.checkoutgateway.audit.Actor},
 * which goes with a command to the transaction that carries it out. Log lines do not belong here.
 */
@NullMarked
@CheckReturnValue
package io.checkoutgateway.audit;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
